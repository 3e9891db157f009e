package dev.sluice.media.codec.h264;

import dev.sluice.media.Colour;
import dev.sluice.media.Payload;

/// What a sequence parameter set says about the picture.
///
/// @param profileIdc such as 66 Baseline, 77 Main, 100 High
/// @param constraints the byte of constraint flags that follows the profile
/// @param levelIdc ten times the level: 31 is level 3.1
/// @param chromaFormat 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4
/// @param bitDepthLuma 8 to 14
/// @param bitDepthChroma 8 to 14
/// @param width in pixels after cropping, at most 16384; 0 where unknown
/// @param height in pixels after cropping, at most 16384; 0 where unknown
/// @param framesPerSecond as the stream declares it; 0 where it does not
/// @param colour as the stream declares it
/// @spec https://www.itu.int/rec/T-REC-H.264 ITU-T H.264 §7.3.2.1.1
public record SpsInfo(
        int profileIdc,
        int constraints,
        int levelIdc,
        int chromaFormat,
        int bitDepthLuma,
        int bitDepthChroma,
        int width,
        int height,
        double framesPerSecond,
        Colour colour) {
    /// Reads a NAL unit of type 7, header byte included.
    ///
    /// @throws dev.sluice.media.Malformed when it breaks its syntax or its picture is larger than we carry
    public static SpsInfo parse(Payload nalUnit) {
        return new SpsParser(nalUnit).parse();
    }

    /// What the decoder configuration says by itself, where there is no parameter set to read.
    static SpsInfo unknown(int profileIdc, int constraints, int levelIdc) {
        return new SpsInfo(profileIdc, constraints, levelIdc, 1, 8, 8, 0, 0, 0, Colour.UNKNOWN);
    }

    public boolean knowsSize() {
        return width > 0;
    }
}
