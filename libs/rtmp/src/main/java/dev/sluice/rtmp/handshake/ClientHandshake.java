package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The client's side of the handshake, simple or signed. C2 leaves as soon as S1 is complete, because some servers hold
/// S2 back until they have it. S2 is awaited, so that the chunk stream begins at the right byte, but its content is
/// never a reason to stop: servers differ in what they put there. @spec RTMP 1.0 §5.2
public final class ClientHandshake {
    private static final int S0_S1_BYTES = 1 + Handshakes.PACKET_BYTES;
    private static final int TOTAL_BYTES = S0_S1_BYTES + Handshakes.PACKET_BYTES;
    /// Flash Player 9.0.124.2, as FFmpeg says.
    private static final int SIGNED_VERSION = 0x09_00_7c_02;

    private final RandomGenerator random;
    private final HandshakeForm wanted;
    private final byte[] s1 = new byte[Handshakes.PACKET_BYTES];
    private final byte[] s2 = new byte[Handshakes.PACKET_BYTES];
    private byte[] digest = new byte[0];
    private HandshakeForm form = HandshakeForm.SIMPLE;
    private int received;

    /// The simple handshake, which every server knows.
    public ClientHandshake(RandomGenerator random) {
        this(random, HandshakeForm.SIMPLE);
    }

    /// @param wanted the form of our C1; a server that does not know a signed one answers simply
    public ClientHandshake(RandomGenerator random, HandshakeForm wanted) {
        this.random = random;
        this.wanted = wanted;
    }

    /// Writes C0 and C1.
    public void start(ByteBuf out) {
        if (wanted == HandshakeForm.SIMPLE) {
            Handshakes.writeVersionAnd(Handshakes.simplePacket(random), out);
            return;
        }
        byte[] c1 = Handshakes.versionedPacket(SIGNED_VERSION, random);
        digest = Digest.sign(c1, wanted, Digest.Side.CLIENT);
        Handshakes.writeVersionAnd(c1, out);
    }

    /// Takes what it needs of `in` and writes C2 when it is due.
    ///
    /// @return whether the handshake is complete; what is left in `in` belongs to the chunk stream
    /// @throws RtmpException if the server does not speak plain RTMP
    public boolean receive(ByteBuf in, ByteBuf out) {
        if (received == 0 && in.isReadable()) {
            Handshakes.checkVersion(in.readUnsignedByte());
            received = 1;
        }
        if (received > 0 && received < S0_S1_BYTES) {
            int bytes = Math.min(in.readableBytes(), S0_S1_BYTES - received);
            in.readBytes(s1, received - 1, bytes);
            received += bytes;
            if (received == S0_S1_BYTES) {
                answer(out);
            }
        }
        if (received >= S0_S1_BYTES) {
            int bytes = Math.min(in.readableBytes(), TOTAL_BYTES - received);
            in.readBytes(s2, received - S0_S1_BYTES, bytes);
            received += bytes;
        }
        return received == TOTAL_BYTES;
    }

    /// How the server answered; known when the handshake is complete.
    public HandshakeForm form() {
        return form;
    }

    /// Whether a signed answer is right; a simple one has nothing to check.
    public boolean serverSignedWell() {
        return form == HandshakeForm.SIMPLE || Digest.answers(s2, digest, Digest.Side.SERVER);
    }

    /// There is nothing to do here any more.
    public void doneElsewhere(HandshakeForm as) {
        form = as;
        received = TOTAL_BYTES;
    }

    private void answer(ByteBuf out) {
        boolean signed = wanted != HandshakeForm.SIMPLE && Digest.saysVersion(s1);
        var found = signed ? Digest.find(s1, Digest.Side.SERVER) : Optional.<Digest.Found>empty();
        if (found.isEmpty()) {
            out.writeBytes(s1);
            return;
        }
        form = found.get().form();
        out.writeBytes(Digest.answer(found.get().digest(), Digest.Side.CLIENT, random));
    }
}
