package dev.sluice.rtmp.handshake;

/// How the two sides shook hands.
public enum HandshakeForm {
    /// As the specification has it: both echo what they got.
    SIMPLE,
    /// Signed, with the digest in front of the place of a key. FFmpeg and Flash players.
    DIGEST_FIRST,
    /// Signed, with the place of a key in front of the digest. Flash players that verify their SWF.
    KEY_FIRST
}
