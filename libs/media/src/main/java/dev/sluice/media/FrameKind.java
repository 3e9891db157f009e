package dev.sluice.media;

/// What a decoder can do with a frame. Audio frames are always `KEY`.
public enum FrameKind {
    /// Decodable without any earlier frame: an IDR picture or a recovery point, judged by the NAL units, not by a
    /// flag.
    KEY,
    /// Needs earlier frames.
    INTER,
    /// Needs earlier frames, and no later frame needs it.
    DISPOSABLE,
    /// No picture: a command to the player (FLV frame type 5).
    COMMAND
}
