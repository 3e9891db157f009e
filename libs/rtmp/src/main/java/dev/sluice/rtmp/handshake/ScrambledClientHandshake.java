package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/// The client's side of RTMPE. The server chooses the version. C2 leaves as soon as S1 is complete; S2 is
/// awaited, and its signature is no reason to stop.
public final class ScrambledClientHandshake implements ScrambledHandshake {
    /// What the players say that use this layout.
    private static final int SIGNED_VERSION = 0x80_00_03_02;

    /// How far it has come. Each step keeps what the next needs.
    @SuppressWarnings("ArrayRecordComponent") // never leaves the handshake
    private sealed interface Step {
        record Version() implements Step {}

        record First(Scrambling scrambling, byte[] s1, int filled) implements Step {}

        record Second(Agreed agreed, byte[] s2, int filled) implements Step {}
    }

    private record Agreed(Scrambling scrambling, HandshakeForm form, StreamCiphers ciphers) {}

    private final Scrambling wanted;
    private final RandomGenerator random;
    private final KeyExchange ours;
    private byte[] digest = {};
    private Step step = new Step.Version();

    /// @param random not to be guessed
    public ScrambledClientHandshake(RandomGenerator random) {
        this(Scrambling.PLAIN, random);
    }

    ScrambledClientHandshake(Scrambling wanted, RandomGenerator random) {
        this.wanted = wanted;
        this.random = random;
        this.ours = KeyExchange.with(random);
    }

    /// Writes C0 and C1.
    public void start(ByteBuf out) {
        byte[] c1 = Handshakes.versionedPacket(SIGNED_VERSION, random);
        ours.putInto(c1, HandshakeForm.KEY_FIRST);
        digest = Digest.sign(c1, HandshakeForm.KEY_FIRST, Digest.Side.CLIENT);
        out.writeByte(wanted.version()).writeBytes(c1);
    }

    @Override
    public boolean receive(ByteBuf in, ByteBuf out) {
        if (step instanceof Step.Version && in.isReadable()) {
            step = new Step.First(Scrambling.of(in.readUnsignedByte()), new byte[Handshakes.PACKET_BYTES], 0);
        }
        if (step instanceof Step.First(Scrambling scrambling, byte[] s1, int filled)) {
            int now = Handshakes.fill(s1, filled, in);
            step = now < s1.length
                    ? new Step.First(scrambling, s1, now)
                    : new Step.Second(answer(scrambling, s1, out), new byte[Handshakes.PACKET_BYTES], 0);
        }
        if (step instanceof Step.Second(Agreed agreed, byte[] s2, int filled)) {
            step = new Step.Second(agreed, s2, Handshakes.fill(s2, filled, in));
        }
        return step instanceof Step.Second second && second.filled() == Handshakes.PACKET_BYTES;
    }

    private Agreed answer(Scrambling scrambling, byte[] s1, ByteBuf out) {
        Digest.Found found = Digest.find(s1, Digest.Side.SERVER)
                .orElseThrow(() -> RtmpException.handshake("RTMPE without a signed first packet."));
        byte[] serverKey = KeyExchange.keyIn(s1, found.form());
        byte[] secret = ours.secret(serverKey);
        out.writeBytes(Digest.answer(found.digest(), Digest.Side.CLIENT, scrambling, s1));
        return new Agreed(scrambling, found.form(), StreamCiphers.of(secret, ours.publicKey(), serverKey));
    }

    /// Whether the signature of S2 is right, once the handshake is complete.
    public boolean serverSignedWell() {
        return step instanceof Step.Second(Agreed agreed, byte[] s2, int filled)
                && Digest.answers(s2, digest, Digest.Side.SERVER, agreed.scrambling());
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
