package dev.sluice.media.codec.h264;

import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;
import dev.sluice.media.bits.Rbsp;
import java.util.Set;

/// One pass over a sequence parameter set, in the order of its syntax.
///
/// @spec https://www.itu.int/rec/T-REC-H.264 ITU-T H.264 §7.3.2.1.1 and §E.1.1
final class SpsParser {
    private static final int NAL_TYPE_SPS = 7;
    private static final int MAX_SIDE_PIXELS = 16384;
    private static final int MACROBLOCK_PIXELS = 16;
    private static final int EXTENDED_SAR = 255;
    /// More is a mistake in the stream, not a picture rate.
    private static final double MAX_FRAMES_PER_SECOND = 1000;
    /// The profiles whose parameter sets carry chroma format, bit depths and scaling lists.
    private static final Set<Integer> PROFILES_WITH_CHROMA =
            Set.of(100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135);

    private final BitReader in;
    private int chromaFormat = 1;
    private boolean separatePlanes;
    private int bitDepthLuma = 8;
    private int bitDepthChroma = 8;
    private Colour colour = Colour.UNKNOWN;

    SpsParser(Payload nalUnit) {
        if (nalUnit.length() == 0 || (nalUnit.get(0) & 0x1f) != NAL_TYPE_SPS) {
            throw Malformed.frame("not a sequence parameter set: %s", nalUnit);
        }
        in = new BitReader(Rbsp.of(nalUnit, 1), "SPS");
    }

    SpsInfo parse() {
        int profileIdc = in.bits(8);
        int constraints = in.bits(8);
        int levelIdc = in.bits(8);
        in.ue(31, "seq_parameter_set_id");
        if (PROFILES_WITH_CHROMA.contains(profileIdc)) {
            readChroma();
        }
        skipPictureOrder();
        int widthInMacroblocks = in.ue(MAX_SIDE_PIXELS, "picture width") + 1;
        int heightInMapUnits = in.ue(MAX_SIDE_PIXELS, "picture height") + 1;
        boolean framesOnly = in.flag();
        if (!framesOnly) {
            in.skip(1); // mb_adaptive_frame_field_flag
        }
        in.skip(1); // direct_8x8_inference_flag
        int fieldsPerMapUnit = framesOnly ? 1 : 2;
        var size = crop(widthInMacroblocks, heightInMapUnits * fieldsPerMapUnit, fieldsPerMapUnit);
        double framesPerSecond = framesPerSecond();
        return new SpsInfo(
                profileIdc,
                constraints,
                levelIdc,
                chromaFormat,
                bitDepthLuma,
                bitDepthChroma,
                size.width,
                size.height,
                framesPerSecond,
                colour);
    }

    private void readChroma() {
        chromaFormat = in.ue(3, "chroma_format_idc");
        if (chromaFormat == 3) {
            separatePlanes = in.flag();
        }
        bitDepthLuma = 8 + in.ue(6, "bit_depth_luma_minus8");
        bitDepthChroma = 8 + in.ue(6, "bit_depth_chroma_minus8");
        in.skip(1); // qpprime_y_zero_transform_bypass_flag
        if (in.flag()) {
            int lists = chromaFormat == 3 ? 12 : 8;
            for (int i = 0; i < lists; i++) {
                if (in.flag()) {
                    skipScalingList(i < 6 ? 16 : 64);
                }
            }
        }
    }

    /// The list ends early where the next scale becomes 0, so its deltas must be followed. §7.3.2.1.1.1
    private void skipScalingList(int entries) {
        int scale = 8;
        for (int i = 0; i < entries && scale != 0; i++) {
            scale = (int) ((scale + in.se()) & 0xff);
        }
    }

    private void skipPictureOrder() {
        in.ue(12, "log2_max_frame_num_minus4");
        switch (in.ue(2, "pic_order_cnt_type")) {
            case 0 -> in.ue(12, "log2_max_pic_order_cnt_lsb_minus4");
            case 1 -> {
                in.skip(1); // delta_pic_order_always_zero_flag
                in.se();
                in.se();
                int cycle = in.ue(255, "num_ref_frames_in_pic_order_cnt_cycle");
                for (int i = 0; i < cycle; i++) {
                    in.se();
                }
            }
            default -> {} // type 2 has no fields
        }
        in.ue(); // max_num_ref_frames: some encoders exceed the limit, and we keep no reference frames
        in.skip(1); // gaps_in_frame_num_value_allowed_flag
    }

    private record Size(int width, int height) {}

    /// Crop offsets count chroma samples, and field lines in pictures that may be interlaced. §7.4.2.1.1
    private Size crop(int widthInMacroblocks, int heightInMacroblocks, int fieldsPerMapUnit) {
        boolean separate = separatePlanes || chromaFormat == 0;
        int unitX = separate || chromaFormat == 3 ? 1 : 2;
        int unitY = (separate || chromaFormat != 1 ? 1 : 2) * fieldsPerMapUnit;
        long width = (long) MACROBLOCK_PIXELS * widthInMacroblocks;
        long height = (long) MACROBLOCK_PIXELS * heightInMacroblocks;
        if (in.flag()) {
            width -= unitX * (in.ue() + in.ue());
            height -= unitY * (in.ue() + in.ue());
        }
        if (width <= 0 || height <= 0) {
            throw Malformed.frame("SPS: nothing is left of the picture after cropping");
        }
        if (width > MAX_SIDE_PIXELS || height > MAX_SIDE_PIXELS) {
            throw Malformed.frame("SPS: picture of %d×%d pixels, at most %d a side", width, height, MAX_SIDE_PIXELS);
        }
        return new Size((int) width, (int) height);
    }

    /// A stream plays without its picture rate, so damaged usability information costs no more than that.
    private double framesPerSecond() {
        try {
            return in.flag() ? readTiming() : 0;
        } catch (Malformed endsEarly) {
            return 0;
        }
    }

    private double readTiming() {
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
        if (in.flag()) {
            in.ue(); // chroma_sample_loc_type_top_field
            in.ue(); // chroma_sample_loc_type_bottom_field
        }
        if (!in.flag()) {
            return 0;
        }
        long unitsInTick = in.longBits(32);
        long timeScale = in.longBits(32);
        double rate = unitsInTick == 0 ? 0 : timeScale / (2.0 * unitsInTick); // a tick is a field
        return rate <= MAX_FRAMES_PER_SECOND ? rate : 0;
    }
}
