package dev.sluice.media.codec.h266;

import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.VideoConfig;

/// The decoder configuration of an H.266 track, passed on and hardly read: picture size and profile are not known.
///
/// @param vvcC the VvcDecoderConfigurationRecord, byte for byte as it came, except that it always announces 4-byte
///     NAL unit lengths
/// @param lengthSize the NAL unit length size that the record announced: 1, 2 or 4
/// @spec https://www.iso.org/standard/83336.html ISO/IEC 14496-15 §11.2.4.2
public record VvcConfig(Payload vvcC, int lengthSize) implements VideoConfig {
    private static final int LENGTH_SIZE_SHIFT = 1;

    /// Reads the only field that matters here.
    ///
    /// @throws Malformed when the record is empty
    public static VvcConfig parse(Payload vvcC) {
        if (vvcC.length() == 0) {
            throw Malformed.frame("an empty vvcC");
        }
        int lengthSize = (vvcC.get(0) >> LENGTH_SIZE_SHIFT & 3) + 1;
        if (lengthSize == 4) {
            return new VvcConfig(vvcC, lengthSize);
        }
        var changed = vvcC.toArray();
        changed[0] |= 3 << LENGTH_SIZE_SHIFT;
        return new VvcConfig(Payload.of(changed), lengthSize);
    }

    @Override
    public int width() {
        return 0;
    }

    @Override
    public int height() {
        return 0;
    }

    @Override
    public double framesPerSecond() {
        return 0;
    }

    @Override
    public Colour colour() {
        return Colour.UNKNOWN;
    }

    @Override
    public String codecString() {
        return "vvc1";
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public Payload record() {
        return vvcC;
    }
}
