package dev.sluice.media.codec.vpx;

import dev.sluice.media.Codec;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;
import java.util.Optional;

/// What the first bytes of a VP8 or VP9 frame say.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6386 RFC 6386 §9.1 (VP8); VP9 bitstream specification §6.2
public final class VpFrames {
    private static final int VP8_START_CODE = 0x9d012a;
    private static final int VP9_SYNC_CODE = 0x498342;
    private static final int VP9_FRAME_MARKER = 2;
    private static final int VP9_RGB = 7;

    /// @param width in pixels
    /// @param height in pixels
    public record Size(int width, int height) {}

    private VpFrames() {}

    /// The size of the picture, if this is a key frame; empty for other frames, and for bytes that are no frame.
    ///
    /// @param codec VP8 or VP9
    public static Optional<Size> keyFrameSize(Codec codec, Payload frame) {
        return codec == Codec.VP8 ? vp8(frame) : vp9(frame);
    }

    private static Optional<Size> vp8(Payload frame) {
        if (frame.length() < 10 || (frame.get(0) & 1) != 0) {
            return Optional.empty();
        }
        int startCode = frame.get(3) << 16 | frame.get(4) << 8 | frame.get(5);
        int width = frame.get(6) | (frame.get(7) & 0x3f) << 8;
        int height = frame.get(8) | (frame.get(9) & 0x3f) << 8;
        return startCode == VP8_START_CODE && width > 0 && height > 0
                ? Optional.of(new Size(width, height))
                : Optional.empty();
    }

    private static Optional<Size> vp9(Payload frame) {
        if (frame.length() < 11) {
            return Optional.empty(); // a key frame's header alone is longer
        }
        var in = new BitReader(frame, "VP9 frame");
        boolean marked = in.bits(2) == VP9_FRAME_MARKER;
        int profile = in.bits(1) | in.bits(1) << 1;
        boolean reserved = profile == 3 && in.flag();
        boolean showsExisting = in.flag();
        boolean key = !in.flag();
        in.skip(2); // show_frame, error_resilient_mode
        if (!marked || reserved || showsExisting || !key || in.bits(24) != VP9_SYNC_CODE) {
            return Optional.empty();
        }
        skipColour(in, profile);
        return Optional.of(new Size(in.bits(16) + 1, in.bits(16) + 1));
    }

    private static void skipColour(BitReader in, int profile) {
        if (profile >= 2) {
            in.skip(1); // ten_or_twelve_bit
        }
        boolean oddProfile = (profile & 1) == 1;
        if (in.bits(3) != VP9_RGB) {
            in.skip(oddProfile ? 4 : 1); // color_range, subsampling and a reserved bit
        } else {
            in.skip(oddProfile ? 1 : 0);
        }
    }
}
