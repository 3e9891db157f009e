package dev.sluice.media.codec.av1;

import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;

/// One pass over a sequence header, in the order of its syntax.
///
/// @spec https://aomediacodec.github.io/av1-spec/ AV1 §5.5.1 to §5.5.5
final class SequenceHeaderParser {
    private static final int MAX_SIDE_PIXELS = 16384;
    private static final double MAX_FRAMES_PER_SECOND = 1000;
    private static final int BT_709 = 1;
    private static final int SRGB = 13;
    private static final int IDENTITY = 0;

    private final BitReader in;
    private double framesPerSecond;
    private boolean decoderModel;
    private int bufferDelayBits;

    SequenceHeaderParser(Payload content) {
        in = new BitReader(content, "AV1 sequence header");
    }

    Av1SequenceInfo parse() {
        int profile = in.bits(3);
        in.skip(1); // still_picture
        boolean reduced = in.flag();
        if (reduced) {
            in.skip(5); // seq_level_idx
        } else {
            readOperatingPoints();
        }
        int widthBits = in.bits(4) + 1;
        int heightBits = in.bits(4) + 1;
        int width = in.bits(widthBits) + 1;
        int height = in.bits(heightBits) + 1;
        if (width > MAX_SIDE_PIXELS || height > MAX_SIDE_PIXELS) {
            throw Malformed.frame("AV1: picture of %d×%d pixels, at most %d a side", width, height, MAX_SIDE_PIXELS);
        }
        return new Av1SequenceInfo(width, height, framesPerSecond, colour(profile, reduced), reduced);
    }

    private void readOperatingPoints() {
        if (in.flag()) {
            readTiming();
        }
        boolean initialDelay = in.flag();
        int points = in.bits(5) + 1;
        for (int i = 0; i < points; i++) {
            in.skip(12); // operating_point_idc
            if (in.bits(5) > 7) {
                in.skip(1); // seq_tier
            }
            if (decoderModel && in.flag()) {
                in.skip(2L * bufferDelayBits + 1);
            }
            if (initialDelay && in.flag()) {
                in.skip(4);
            }
        }
    }

    private void readTiming() {
        long unitsInTick = in.longBits(32);
        long timeScale = in.longBits(32);
        if (in.flag()) { // equal_picture_interval
            double ticks = in.ue() + 1.0; // uvlc is the same code as ue(v)
            double rate = unitsInTick == 0 ? 0 : timeScale / (unitsInTick * ticks);
            framesPerSecond = rate <= MAX_FRAMES_PER_SECOND ? rate : 0;
        }
        decoderModel = in.flag();
        if (decoderModel) {
            bufferDelayBits = in.bits(5) + 1;
            in.skip(32 + 5 + 5);
        }
    }

    /// A stream plays without its colours being named, so damage behind the picture size costs no more than that.
    private Colour colour(int profile, boolean reduced) {
        try {
            skipTools(reduced);
            return readColour(profile);
        } catch (Malformed damaged) {
            return Colour.UNKNOWN;
        }
    }

    private void skipTools(boolean reduced) {
        if (!reduced && in.flag()) {
            in.skip(4 + 3); // lengths of frame ids
        }
        in.skip(3); // 128×128 superblocks, filter intra, intra edge filter
        if (!reduced) {
            in.skip(4); // interintra, masked compound, warped motion, dual filter
            boolean orderHint = in.flag();
            in.skip(orderHint ? 2 : 0); // jnt_comp, ref_frame_mvs
            skipScreenContent();
            in.skip(orderHint ? 3 : 0); // order_hint_bits_minus_1
        }
        in.skip(3); // superres, cdef, restoration
    }

    private void skipScreenContent() {
        boolean chosenPerFrame = in.flag();
        boolean screenContent = chosenPerFrame || in.flag();
        boolean vectorsForced = screenContent && !in.flag();
        in.skip(vectorsForced ? 1 : 0); // seq_force_integer_mv
    }

    private Colour readColour(int profile) {
        boolean highBitDepth = in.flag();
        if (profile == 2 && highBitDepth) {
            in.skip(1); // twelve_bit
        }
        boolean monochrome = profile != 1 && in.flag();
        if (!in.flag()) {
            return Colour.UNKNOWN;
        }
        int primaries = in.bits(8);
        int transfer = in.bits(8);
        int matrix = in.bits(8);
        boolean rgb = !monochrome && primaries == BT_709 && transfer == SRGB && matrix == IDENTITY;
        return new Colour(primaries, transfer, matrix, rgb || in.flag());
    }
}
