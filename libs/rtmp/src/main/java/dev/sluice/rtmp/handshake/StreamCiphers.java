package dev.sluice.rtmp.handshake;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The two key streams of an RTMPE connection, from the end of its handshake on. One owner.
public final class StreamCiphers {
    private static final int RC4_KEY_BYTES = 16;
    /// The handshake itself is not scrambled, but counts: as if one packet had been.
    private static final int SKIPPED_BYTES = Handshakes.PACKET_BYTES;

    private final Rc4 incoming;
    private final Rc4 outgoing;

    private StreamCiphers(Rc4 incoming, Rc4 outgoing) {
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /// Each side scrambles with a key made of the other's public key.
    static StreamCiphers of(byte[] secret, byte[] ownKey, byte[] peerKey) {
        return new StreamCiphers(stream(secret, ownKey), stream(secret, peerKey));
    }

    private static Rc4 stream(byte[] secret, byte[] publicKey) {
        Rc4 stream = new Rc4(Arrays.copyOf(Digest.hmac(secret, publicKey), RC4_KEY_BYTES));
        stream.skip(SKIPPED_BYTES);
        return stream;
    }

    /// Reads all of `in` and appends it in the clear.
    public void unscramble(ByteBuf in, ByteBuf out) {
        incoming.apply(in, out);
    }

    /// Reads all of `in` and appends it scrambled.
    public void scramble(ByteBuf in, ByteBuf out) {
        outgoing.apply(in, out);
    }
}
