package dev.sluice.rtmp.handshake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signed handshake of Flash players and servers. It proves nothing, because everybody knows the keys, but players
/// of that family accept no other. A packet hides a digest of its other bytes in one of two places; the answer is
/// signed with a key made from that digest.
final class Digest {
    static final int DIGEST_BYTES = 32;
    static final int SIGNED_BYTES = Handshakes.PACKET_BYTES - DIGEST_BYTES;

    private static final byte[] TAIL =
            HexFormat.of().parseHex("f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae");
    private static final byte[] PLAYER = "Genuine Adobe Flash Player 001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER = "Genuine Adobe Flash Media Server 001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LONG_PLAYER = join(PLAYER, TAIL);
    private static final byte[] LONG_SERVER = join(SERVER, TAIL);
    private static final int PLACES = 728;

    /// Which side makes a packet.
    enum Side {
        CLIENT(PLAYER, LONG_PLAYER),
        SERVER(Digest.SERVER, LONG_SERVER);

        private final byte[] packetKey;
        private final byte[] answerKey;

        Side(byte[] packetKey, byte[] answerKey) {
            this.packetKey = packetKey;
            this.answerKey = answerKey;
        }
    }

    /// A digest that was found.
    @SuppressWarnings("ArrayRecordComponent") // never leaves the handshake
    record Found(HandshakeForm form, byte[] digest) {}

    private Digest() {}

    /// Whether a packet says that it is signed: old players and simple peers have zeros there.
    static boolean saysVersion(byte[] packet) {
        return (packet[4] | packet[5] | packet[6] | packet[7]) != 0;
    }

    /// Looks in both places.
    static Optional<Found> find(byte[] packet, Side madeBy) {
        for (var form : new HandshakeForm[] {HandshakeForm.KEY_FIRST, HandshakeForm.DIGEST_FIRST}) {
            int at = digestOffset(packet, form);
            byte[] there = Arrays.copyOfRange(packet, at, at + DIGEST_BYTES);
            if (MessageDigest.isEqual(there, digestOf(packet, at, madeBy))) {
                return Optional.of(new Found(form, there));
            }
        }
        return Optional.empty();
    }

    /// Puts the digest into a packet whose other bytes are final.
    ///
    /// @return the digest
    static byte[] sign(byte[] packet, HandshakeForm form, Side madeBy) {
        int at = digestOffset(packet, form);
        byte[] digest = digestOf(packet, at, madeBy);
        System.arraycopy(digest, 0, packet, at, DIGEST_BYTES);
        return digest;
    }

    /// C2 or S2: random bytes and their signature.
    ///
    /// @param peerDigest of the packet that is answered
    static byte[] answer(byte[] peerDigest, Side madeBy, RandomGenerator random) {
        byte[] packet = new byte[Handshakes.PACKET_BYTES];
        random.nextBytes(packet);
        return answer(peerDigest, madeBy, Scrambling.PLAIN, packet);
    }

    /// The same, with what a version of RTMPE lays over the signature.
    ///
    /// @param packet whose last bytes give way to the signature
    static byte[] answer(byte[] peerDigest, Side madeBy, Scrambling scrambling, byte[] packet) {
        byte[] signed = Arrays.copyOf(packet, SIGNED_BYTES);
        byte[] signature = signature(peerDigest, madeBy, scrambling, signed);
        byte[] answer = Arrays.copyOf(signed, Handshakes.PACKET_BYTES);
        System.arraycopy(signature, 0, answer, SIGNED_BYTES, DIGEST_BYTES);
        return answer;
    }

    /// Whether C2 or S2 answers the packet with this digest.
    static boolean answers(byte[] packet, byte[] digest, Side madeBy) {
        return answers(packet, digest, madeBy, Scrambling.PLAIN);
    }

    static boolean answers(byte[] packet, byte[] digest, Side madeBy, Scrambling scrambling) {
        byte[] there = Arrays.copyOfRange(packet, SIGNED_BYTES, Handshakes.PACKET_BYTES);
        byte[] signed = Arrays.copyOf(packet, SIGNED_BYTES);
        return MessageDigest.isEqual(there, signature(digest, madeBy, scrambling, signed));
    }

    static byte[] signature(byte[] peerDigest, Side madeBy, byte[] signed) {
        return signature(peerDigest, madeBy, Scrambling.PLAIN, signed);
    }

    private static byte[] signature(byte[] peerDigest, Side madeBy, Scrambling scrambling, byte[] signed) {
        byte[] key = hmac(madeBy.answerKey, peerDigest);
        return scrambling.over(hmac(key, signed), key);
    }

    /// The sum of four bytes of the packet says where; they lie outside of what they locate.
    static int digestOffset(byte[] packet, HandshakeForm form) {
        return switch (form) {
            case DIGEST_FIRST -> 12 + sum(packet, 8) % PLACES;
            case KEY_FIRST -> 776 + sum(packet, 772) % PLACES;
            case SIMPLE -> throw new IllegalArgumentException("a simple packet has no digest");
        };
    }

    private static int sum(byte[] packet, int at) {
        return (packet[at] & 0xff) + (packet[at + 1] & 0xff) + (packet[at + 2] & 0xff) + (packet[at + 3] & 0xff);
    }

    private static byte[] digestOf(byte[] packet, int at, Side madeBy) {
        byte[] others = new byte[Handshakes.PACKET_BYTES - DIGEST_BYTES];
        System.arraycopy(packet, 0, others, 0, at);
        System.arraycopy(packet, at + DIGEST_BYTES, others, at, others.length - at);
        return hmac(madeBy.packetKey, others);
    }

    static byte[] hmac(byte[] key, byte[] message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
