package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/// The server's side of RTMPE. It answers with the version and the layout of the client. S0, S1 and S2 leave
/// together; C2 is never looked at, as in the plain handshake.
public final class ScrambledServerHandshake implements ScrambledHandshake {
    private static final int SIGNED_VERSION = 0x04_00_00_01;

    private static final int MAX_TRIES = 4;
    private static final int MAX_PACKETS = 50;

    /// How far it has come. Each step keeps what the next needs.
    @SuppressWarnings("ArrayRecordComponent") // never leaves the handshake
    private sealed interface Step {
        record Version() implements Step {}

        record First(Scrambling scrambling, byte[] c1, int filled) implements Step {}

        record Second(Agreed agreed, int skipped) implements Step {}
    }

    private record Agreed(HandshakeForm form, StreamCiphers ciphers) {}

    private final RandomGenerator random;
    private Step step = new Step.Version();

    /// @param random not to be guessed
    public ScrambledServerHandshake(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean receive(ByteBuf in, ByteBuf out) {
        if (step instanceof Step.Version && in.isReadable()) {
            step = new Step.First(Scrambling.of(in.readUnsignedByte()), new byte[Handshakes.PACKET_BYTES], 0);
        }
        if (step instanceof Step.First(Scrambling scrambling, byte[] c1, int filled)) {
            int now = Handshakes.fill(c1, filled, in);
            step = now < c1.length
                    ? new Step.First(scrambling, c1, now)
                    : new Step.Second(answer(scrambling, c1, out), 0);
        }
        if (step instanceof Step.Second(Agreed agreed, int skipped)) {
            int bytes = Math.min(in.readableBytes(), Handshakes.PACKET_BYTES - skipped);
            in.skipBytes(bytes);
            step = new Step.Second(agreed, skipped + bytes);
        }
        return step instanceof Step.Second second && second.skipped() == Handshakes.PACKET_BYTES;
    }

    private Agreed answer(Scrambling scrambling, byte[] c1, ByteBuf out) {
        Digest.Found found = Digest.find(c1, Digest.Side.CLIENT)
                .orElseThrow(() -> RtmpException.handshake("RTMPE without a signed first packet."));
        byte[] clientKey = KeyExchange.keyIn(c1, found.form());
        KeyExchange ours = KeyExchange.with(random);
        byte[] secret = ours.secret(clientKey);
        // Clients built on librtmp forget leading zeros of the secret, and would not understand us.
        for (int tries = 1; secret[0] == 0 && tries < MAX_TRIES; tries++) {
            ours = KeyExchange.with(random);
            secret = ours.secret(clientKey);
        }
        out.writeByte(scrambling.version()).writeBytes(firstPacket(ours, found.form()));
        // C1 again, and signed: FFmpeg, when it publishes, looks into the echo for its own key.
        out.writeBytes(Digest.answer(found.digest(), Digest.Side.SERVER, scrambling, c1));
        return new Agreed(found.form(), StreamCiphers.of(secret, ours.publicKey(), clientKey));
    }

    /// FFmpeg looks for our key in the layout of the digest when it plays, and always digest first when it
    /// publishes: so the key stands in both places. Where the digest would cover the second one, another
    /// packet is made.
    private byte[] firstPacket(KeyExchange ours, HandshakeForm form) {
        byte[] s1;
        int tries = 0;
        do {
            s1 = Handshakes.versionedPacket(SIGNED_VERSION, random);
            ours.putInto(s1, HandshakeForm.KEY_FIRST);
            ours.putInto(s1, HandshakeForm.DIGEST_FIRST);
            Digest.sign(s1, form, Digest.Side.SERVER);
        } while (!ours.isTwiceIn(s1) && ++tries < MAX_PACKETS);
        return s1;
    }

    @Override
    public HandshakeForm form() {
        return agreed().form();
    }

    @Override
    public StreamCiphers ciphers() {
        return agreed().ciphers();
    }

    private Agreed agreed() {
        if (step instanceof Step.Second second) {
            return second.agreed();
        }
        throw new IllegalStateException("the handshake is not complete");
    }
}
