package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;

/// The versions of RTMPE. They differ in what happens to the signature of the second packet; the bytes that
/// follow are scrambled alike.
public enum Scrambling {
    /// The signature stays as it is.
    PLAIN(6),
    XTEA(8),
    BLOWFISH(9);

    private final int version;

    Scrambling(int version) {
        this.version = version;
    }

    /// The first byte of either side.
    int version() {
        return version;
    }

    /// Whether a connection that begins with this byte asks for RTMPE.
    public static boolean begins(int firstByte) {
        return firstByte == PLAIN.version || firstByte == XTEA.version || firstByte == BLOWFISH.version;
    }

    static Scrambling of(int firstByte) {
        for (Scrambling scrambling : values()) {
            if (scrambling.version == firstByte) {
                return scrambling;
            }
        }
        throw RtmpException.handshake("The peer does not speak RTMPE: its first byte is %d.", firstByte);
    }

    /// The signature as it is sent.
    ///
    /// @param key with which it was made: it also chooses a key for each block of eight bytes
    byte[] over(byte[] signature, byte[] key) {
        return switch (this) {
            case PLAIN -> signature;
            case XTEA -> SignatureBlocks.xtea(signature, key);
            case BLOWFISH -> SignatureBlocks.blowfish(signature, key);
        };
    }
}
