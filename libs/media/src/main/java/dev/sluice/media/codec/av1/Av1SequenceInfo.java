package dev.sluice.media.codec.av1;

import dev.sluice.media.Colour;
import dev.sluice.media.Payload;

/// What a sequence header says about the picture.
///
/// @param width largest, in pixels; 0 where unknown
/// @param height largest, in pixels; 0 where unknown
/// @param framesPerSecond as the stream declares it; 0 where it does not
/// @param colour as the stream declares it
/// @param reducedStillPicture whether frame headers have the short form of still pictures
/// @spec https://aomediacodec.github.io/av1-spec/ AV1 §5.5
public record Av1SequenceInfo(
        int width, int height, double framesPerSecond, Colour colour, boolean reducedStillPicture) {
    static final Av1SequenceInfo UNKNOWN = new Av1SequenceInfo(0, 0, 0, Colour.UNKNOWN, false);

    /// Reads the content of a sequence header unit, without the unit's header.
    ///
    /// @throws dev.sluice.media.Malformed when it breaks its syntax or its picture is larger than we carry
    public static Av1SequenceInfo parse(Payload content) {
        return new SequenceHeaderParser(content).parse();
    }
}
