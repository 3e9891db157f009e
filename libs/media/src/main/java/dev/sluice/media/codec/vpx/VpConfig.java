package dev.sluice.media.codec.vpx;

import dev.sluice.media.Codec;
import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.bits.BitReader;
import io.netty.buffer.Unpooled;

/// The decoder configuration of a VP8 or VP9 track. It does not hold the picture's size: key frames do.
///
/// @param codec VP8 or VP9
/// @param vpcC the VPCodecConfigurationRecord with the version and flags of its box in front, 12 bytes or more
/// @param profile 0 to 3
/// @param level ten times the level; 0 where not said
/// @param bitDepth 8, 10 or 12
/// @param chroma 0 and 1 are 4:2:0, 2 is 4:2:2, 3 is 4:4:4
/// @param colour as the record says
/// @param width in pixels; 0 before a key frame told
/// @param height in pixels; 0 before a key frame told
/// @spec https://www.webmproject.org/vp9/mp4/ VP Codec ISO Media File Format Binding
public record VpConfig(
        Codec codec,
        Payload vpcC,
        int profile,
        int level,
        int bitDepth,
        int chroma,
        Colour colour,
        int width,
        int height)
        implements VideoConfig {
    private static final int BOX_HEADER_BYTES = 4;
    private static final int RECORD_BYTES = 8;
    private static final int VERSION_1 = 0x0100_0000;

    /// Reads a record, with or without the box's version and flags in front.
    ///
    /// @throws Malformed when it is too short
    public static VpConfig parse(Codec codec, Payload bytes) {
        var vpcC = bytes.length() < BOX_HEADER_BYTES + RECORD_BYTES ? withBoxHeader(bytes) : bytes;
        var in = new BitReader(vpcC, "vpcC");
        in.skip(8L * BOX_HEADER_BYTES);
        int profile = in.bits(8);
        int level = in.bits(8);
        int bitDepth = in.bits(4);
        int chroma = in.bits(3);
        boolean fullRange = in.flag();
        var colour = new Colour(in.bits(8), in.bits(8), in.bits(8), fullRange);
        return new VpConfig(codec, vpcC, profile, level, bitDepth, chroma, colour, 0, 0);
    }

    private static Payload withBoxHeader(Payload record) {
        if (record.length() != RECORD_BYTES) {
            throw Malformed.frame("vpcC of %d bytes", record.length());
        }
        var out = Unpooled.buffer(BOX_HEADER_BYTES + RECORD_BYTES).writeInt(VERSION_1);
        record.writeTo(out);
        return Payload.copyOf(out);
    }

    /// The same configuration, with the size that a key frame has.
    public VpConfig withSize(VpFrames.Size size) {
        return size.width() == width && size.height() == height
                ? this
                : new VpConfig(codec, vpcC, profile, level, bitDepth, chroma, colour, size.width(), size.height());
    }

    @Override
    public double framesPerSecond() {
        return 0;
    }

    /// Such as `vp09.00.10.08`.
    ///
    /// @spec https://www.webmproject.org/vp9/mp4/ Codecs Parameter String
    @Override
    public String codecString() {
        return "%s.%02d.%02d.%02d".formatted(codec.fourCc(), profile, level, bitDepth);
    }

    @Override
    public boolean isComplete() {
        return width > 0;
    }

    @Override
    public Payload record() {
        return vpcC;
    }
}
