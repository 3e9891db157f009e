package dev.sluice.media.codec.h265;

import dev.sluice.media.Colour;
import dev.sluice.media.Payload;

/// What a sequence parameter set says about the picture.
///
/// @param profileTierLevel the 12 bytes of general profile, compatibility, constraints and level
/// @param chromaFormat 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4
/// @param bitDepthLuma 8 to 16
/// @param bitDepthChroma 8 to 16
/// @param width in pixels after cropping, at most 16384; 0 where unknown
/// @param height in pixels after cropping, at most 16384; 0 where unknown
/// @param framesPerSecond as the stream declares it; 0 where it does not
/// @param colour as the stream declares it
/// @spec https://www.itu.int/rec/T-REC-H.265 ITU-T H.265 §7.3.2.2
public record HevcSpsInfo(
        Payload profileTierLevel,
        int chromaFormat,
        int bitDepthLuma,
        int bitDepthChroma,
        int width,
        int height,
        double framesPerSecond,
        Colour colour) {
    static final HevcSpsInfo UNKNOWN = new HevcSpsInfo(
            Payload.of(new byte[HevcSpsParser.PROFILE_TIER_LEVEL_BYTES]), 1, 8, 8, 0, 0, 0, Colour.UNKNOWN);

    /// Reads a NAL unit of type 33, header included.
    ///
    /// @throws dev.sluice.media.Malformed when it breaks its syntax or its picture is larger than we carry
    public static HevcSpsInfo parse(Payload nalUnit) {
        return new HevcSpsParser(nalUnit).parse();
    }
}
