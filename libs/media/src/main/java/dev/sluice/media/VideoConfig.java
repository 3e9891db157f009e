package dev.sluice.media;

/// The decoder configuration of a video track that we read.
public interface VideoConfig extends CodecConfig {
    /// In pixels as shown; 0 where unknown.
    int width();

    /// In pixels as shown; 0 where unknown.
    int height();

    /// As the stream declares it; 0 where it does not.
    double framesPerSecond();

    /// How the samples are to be shown.
    Colour colour();

    /// The codec as playlists and browsers name it, such as `avc1.64001f`.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc6381 RFC 6381 §3.3
    String codecString();

    /// Whether a decoder can start with this configuration alone.
    boolean isComplete();

    /// A key frame with the parameter sets in front, for decoders that were set up with others; the same frame
    /// where the codec has none, or carries them in its key frames anyway.
    default Payload withParameterSets(Payload keyFrame) {
        return keyFrame;
    }

    /// The configuration record as FLV and MP4 carry it: `avcC`, `hvcC`, `vvcC`, `av1C` or `vpcC`.
    Payload record();
}
