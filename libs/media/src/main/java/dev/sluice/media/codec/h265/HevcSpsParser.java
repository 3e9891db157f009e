package dev.sluice.media.codec.h265;

import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;
import dev.sluice.media.bits.Rbsp;

/// One pass over a sequence parameter set, in the order of its syntax.
///
/// @spec https://www.itu.int/rec/T-REC-H.265 ITU-T H.265 §7.3.2.2, §7.3.3, §7.3.4, §7.3.7 and §E.2.1
final class HevcSpsParser {
    static final int PROFILE_TIER_LEVEL_BYTES = 12;

    private static final int MAX_SIDE_PIXELS = 16384;
    private static final int EXTENDED_SAR = 255;
    private static final int MAX_PICTURE_SETS = 64;
    private static final double MAX_FRAMES_PER_SECOND = 1000;

    private final BitReader in;
    private int chromaFormat = 1;
    private int orderCountBits;

    HevcSpsParser(Payload nalUnit) {
        if (nalUnit.length() < 2 || (nalUnit.get(0) >> 1 & 0x3f) != HevcConfig.NAL_SPS) {
            throw Malformed.frame("not a sequence parameter set: %s", nalUnit);
        }
        in = new BitReader(Rbsp.of(nalUnit, 2), "SPS");
    }

    HevcSpsInfo parse() {
        in.skip(4); // sps_video_parameter_set_id
        int subLayers = in.bits(3);
        in.skip(1); // sps_temporal_id_nesting_flag
        var profileTierLevel = in.bytes(PROFILE_TIER_LEVEL_BYTES);
        skipSubLayers(subLayers);
        in.ue(15, "sps_seq_parameter_set_id");
        chromaFormat = in.ue(3, "chroma_format_idc");
        boolean separatePlanes = chromaFormat == 3 && in.flag();
        long width = in.ue(MAX_SIDE_PIXELS, "picture width");
        long height = in.ue(MAX_SIDE_PIXELS, "picture height");
        if (in.flag()) {
            int unitX = !separatePlanes && (chromaFormat == 1 || chromaFormat == 2) ? 2 : 1;
            int unitY = !separatePlanes && chromaFormat == 1 ? 2 : 1;
            width -= unitX * (in.ue() + in.ue());
            height -= unitY * (in.ue() + in.ue());
        }
        if (width <= 0 || height <= 0) {
            throw Malformed.frame("SPS: nothing is left of the picture after cropping");
        }
        int bitDepthLuma = 8 + in.ue(8, "bit_depth_luma_minus8");
        int bitDepthChroma = 8 + in.ue(8, "bit_depth_chroma_minus8");
        var usability = usability(subLayers);
        return new HevcSpsInfo(
                profileTierLevel,
                chromaFormat,
                bitDepthLuma,
                bitDepthChroma,
                (int) width,
                (int) height,
                usability.framesPerSecond,
                usability.colour);
    }

    private record Usability(double framesPerSecond, Colour colour) {
        static final Usability NONE = new Usability(0, Colour.UNKNOWN);
    }

    /// §7.3.3: flags for each sub-layer, then what the flags announce.
    private void skipSubLayers(int subLayers) {
        boolean[] profiles = new boolean[subLayers];
        boolean[] levels = new boolean[subLayers];
        for (int i = 0; i < subLayers; i++) {
            profiles[i] = in.flag();
            levels[i] = in.flag();
        }
        if (subLayers > 0) {
            in.skip(2L * (8 - subLayers));
        }
        for (int i = 0; i < subLayers; i++) {
            in.skip((profiles[i] ? 88 : 0) + (levels[i] ? 8 : 0));
        }
    }

    /// A stream plays without its picture rate, so damage behind the picture size costs no more than that.
    private Usability usability(int subLayers) {
        try {
            skipToUsability(subLayers);
            return in.flag() ? readUsability() : Usability.NONE;
        } catch (Malformed damaged) {
            return Usability.NONE;
        }
    }

    private void skipToUsability(int subLayers) {
        orderCountBits = 4 + in.ue(12, "log2_max_pic_order_cnt_lsb_minus4");
        int first = in.flag() ? 0 : subLayers;
        for (int i = first; i <= subLayers; i++) {
            in.ue(); // sps_max_dec_pic_buffering_minus1
            in.ue(); // sps_max_num_reorder_pics
            in.ue(); // sps_max_latency_increase_plus1
        }
        for (int i = 0; i < 6; i++) {
            in.ue(); // sizes of coding and transform blocks, depths of the transform hierarchy
        }
        boolean scalingLists = in.flag();
        if (scalingLists && in.flag()) {
            skipScalingLists();
        }
        in.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
        if (in.flag()) {
            in.skip(8); // pcm sample bit depths
            in.ue();
            in.ue();
            in.skip(1); // pcm_loop_filter_disabled_flag
        }
        skipPictureSets();
        if (in.flag()) {
            int longTerm = in.ue(32, "num_long_term_ref_pics_sps");
            in.skip((orderCountBits + 1L) * longTerm);
        }
        in.skip(2); // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
    }

    private void skipScalingLists() {
        for (int size = 0; size < 4; size++) {
            for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
                if (!in.flag()) {
                    in.ue(); // scaling_list_pred_matrix_id_delta
                    continue;
                }
                int coefficients = Math.min(64, 1 << (4 + (size << 1)));
                for (int i = size > 1 ? -1 : 0; i < coefficients; i++) {
                    in.se();
                }
            }
        }
    }

    private void skipPictureSets() {
        int sets = in.ue(MAX_PICTURE_SETS, "num_short_term_ref_pic_sets");
        var before = ReferenceSet.EMPTY;
        for (int i = 0; i < sets; i++) {
            before = i > 0 && in.flag() ? ReferenceSet.predicted(in, before) : ReferenceSet.explicit(in);
        }
    }

    private Usability readUsability() {
        var colour = Colour.UNKNOWN;
        if (in.flag() && in.bits(8) == EXTENDED_SAR) {
            in.skip(32); // sar_width, sar_height
        }
        if (in.flag()) {
            in.skip(1); // overscan_appropriate_flag
        }
        if (in.flag()) {
            in.skip(3); // video_format
            boolean fullRange = in.flag();
            if (in.flag()) {
                colour = new Colour(in.bits(8), in.bits(8), in.bits(8), fullRange);
            }
        }
        return new Usability(framesPerSecond(), colour);
    }

    private double framesPerSecond() {
        try {
            if (in.flag()) {
                in.ue(); // chroma_sample_loc_type_top_field
                in.ue(); // chroma_sample_loc_type_bottom_field
            }
            in.skip(3); // neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag
            if (in.flag()) {
                for (int i = 0; i < 4; i++) {
                    in.ue(); // default display window
                }
            }
            if (!in.flag()) {
                return 0;
            }
            long unitsInTick = in.longBits(32);
            long timeScale = in.longBits(32);
            double rate = unitsInTick == 0 ? 0 : (double) timeScale / unitsInTick;
            return rate <= MAX_FRAMES_PER_SECOND ? rate : 0;
        } catch (Malformed endsEarly) {
            return 0;
        }
    }
}
