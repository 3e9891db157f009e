package dev.sluice.media.codec.av1;

import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.bits.BitReader;
import io.netty.buffer.Unpooled;

/// The decoder configuration of an AV1 track. Two are equal when their `av1C` bytes are.
///
/// @param av1C the AV1CodecConfigurationRecord, byte for byte as it came
/// @param profile 0 Main, 1 High, 2 Professional
/// @param level `seq_level_idx_0`: 0 is level 2.0
/// @param highTier whether the high tier
/// @param bitDepth 8, 10 or 12
/// @param info its sequence header, read; without a size where the record carries none
/// @spec https://aomediacodec.github.io/av1-isobmff/ AV1 in ISOBMFF §2.3
public record Av1Config(Payload av1C, int profile, int level, boolean highTier, int bitDepth, Av1SequenceInfo info)
        implements VideoConfig {
    private static final int MARKER_AND_VERSION = 0x81;
    private static final int HEADER_BYTES = 4;

    /// Reads a record with its configuration OBUs.
    ///
    /// @throws Malformed when the version is another, or the sequence header cannot be read
    public static Av1Config parse(Payload av1C) {
        var in = new BitReader(av1C, "av1C");
        int first = in.bits(8);
        if (first != MARKER_AND_VERSION) {
            throw Malformed.frame("av1C begins with %02x", first);
        }
        int profile = in.bits(3);
        int level = in.bits(5);
        boolean highTier = in.flag();
        boolean highBitDepth = in.flag();
        boolean twelveBit = in.flag();
        in.skip(13); // monochrome, subsampling, sample position, initial presentation delay
        int bitDepth = highBitDepth ? (twelveBit ? 12 : 10) : 8;
        var info = Obus.first(av1C.part(HEADER_BYTES, av1C.length() - HEADER_BYTES), Obus.SEQUENCE_HEADER)
                .map(Av1SequenceInfo::parse)
                .orElse(Av1SequenceInfo.UNKNOWN);
        return new Av1Config(av1C, profile, level, highTier, bitDepth, info);
    }

    /// This configuration with the sequence header that came among the frames instead of in the record.
    ///
    /// @param unit the whole unit, header included
    public Av1Config withSequenceHeader(Payload unit) {
        var out = Unpooled.buffer(HEADER_BYTES + unit.length());
        av1C.part(0, HEADER_BYTES).writeTo(out);
        unit.writeTo(out);
        return parse(Payload.copyOf(out));
    }

    @Override
    public int width() {
        return info.width();
    }

    @Override
    public int height() {
        return info.height();
    }

    @Override
    public double framesPerSecond() {
        return info.framesPerSecond();
    }

    @Override
    public Colour colour() {
        return info.colour();
    }

    /// Such as `av01.0.04M.08`.
    ///
    /// @spec https://aomediacodec.github.io/av1-isobmff/ AV1 in ISOBMFF §5
    @Override
    public String codecString() {
        return "av01.%d.%02d%s.%02d".formatted(profile, level, highTier ? "H" : "M", bitDepth);
    }

    @Override
    public boolean isComplete() {
        return info.width() > 0;
    }

    @Override
    public Payload record() {
        return av1C;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Av1Config that && av1C.equals(that.av1C);
    }

    @Override
    public int hashCode() {
        return av1C.hashCode();
    }
}
