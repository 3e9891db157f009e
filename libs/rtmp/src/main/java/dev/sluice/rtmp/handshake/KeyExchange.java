package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// One side of the Diffie-Hellman exchange of RTMPE, in the group of 1024 bits with generator 2 (RFC 2409
/// §6.2). Nobody proves who he is, so it keeps out nobody who sits in between.
final class KeyExchange {
    static final int KEY_BYTES = 128;

    private static final BigInteger PRIME = new BigInteger(
            "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
                    + "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
                    + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
            16);
    /// Twice the strength of the 128 bit key that comes out of it; a longer one costs event loops time for
    /// nothing.
    private static final int EXPONENT_BYTES = 32;

    private final BigInteger exponent;
    private final byte[] publicKey;

    private KeyExchange(BigInteger exponent) {
        this.exponent = exponent;
        this.publicKey = padded(BigInteger.TWO.modPow(exponent, PRIME));
    }

    /// @param random not to be guessed
    static KeyExchange with(RandomGenerator random) {
        byte[] exponent = new byte[EXPONENT_BYTES];
        random.nextBytes(exponent);
        exponent[0] |= (byte) 0x80; // never small
        return new KeyExchange(new BigInteger(1, exponent));
    }

    /// For vectors.
    static KeyExchange withExponent(long exponent) {
        return new KeyExchange(BigInteger.valueOf(exponent));
    }

    /// Our public key, with leading zeros.
    byte[] publicKey() {
        return publicKey.clone();
    }

    /// The common secret, with leading zeros: one in 256 has some.
    ///
    /// @throws RtmpException if the peer's key would make it known to everybody
    byte[] secret(byte[] peerKey) {
        BigInteger peer = new BigInteger(1, peerKey);
        boolean usable = peer.compareTo(BigInteger.ONE) > 0 && peer.compareTo(PRIME.subtract(BigInteger.ONE)) < 0;
        if (!usable) {
            throw RtmpException.handshake("The public key of the peer is no key.");
        }
        return padded(peer.modPow(exponent, PRIME));
    }

    /// [BigInteger] writes a sign byte where the first bit is set, and no leading zeros.
    private static byte[] padded(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[KEY_BYTES];
        int kept = Math.min(bytes.length, KEY_BYTES);
        System.arraycopy(bytes, bytes.length - kept, padded, KEY_BYTES - kept, kept);
        return padded;
    }

    /// What `packet` says about the key of its sender.
    static byte[] keyIn(byte[] packet, HandshakeForm form) {
        int at = offset(packet, form);
        return Arrays.copyOfRange(packet, at, at + KEY_BYTES);
    }

    /// Puts our key into a packet that is not signed yet.
    void putInto(byte[] packet, HandshakeForm form) {
        System.arraycopy(publicKey, 0, packet, offset(packet, form), KEY_BYTES);
    }

    /// Whether our key is found in a packet, whichever layout the reader believes in.
    boolean isTwiceIn(byte[] packet) {
        return Arrays.equals(keyIn(packet, HandshakeForm.KEY_FIRST), publicKey)
                && Arrays.equals(keyIn(packet, HandshakeForm.DIGEST_FIRST), publicKey);
    }

    /// The sum of four bytes outside of the key says where it is.
    static int offset(byte[] packet, HandshakeForm form) {
        return switch (form) {
            case DIGEST_FIRST -> 772 + sum(packet, 1532) % 632;
            case KEY_FIRST -> 8 + sum(packet, 768) % 632;
            case SIMPLE -> throw new IllegalArgumentException("a simple packet has no key");
        };
    }

    private static int sum(byte[] packet, int at) {
        return (packet[at] & 0xff) + (packet[at + 1] & 0xff) + (packet[at + 2] & 0xff) + (packet[at + 3] & 0xff);
    }
}
