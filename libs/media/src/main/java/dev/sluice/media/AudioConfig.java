package dev.sluice.media;

/// The decoder configuration of an audio track that we read.
public interface AudioConfig extends CodecConfig {
    /// In Hz; what [#samplesIn] counts in.
    int sampleRate();

    /// 0 where unknown.
    int channels();

    /// The codec as playlists and browsers name it, such as `mp4a.40.2`.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc6381 RFC 6381 §3.3
    String codecString();

    /// How many samples of each channel a frame's payload makes; 0 where it does not say.
    int samplesIn(Payload frame);

    /// The configuration as FLV carries it; [Payload#EMPTY] for codecs whose frames say everything.
    Payload record();
}
