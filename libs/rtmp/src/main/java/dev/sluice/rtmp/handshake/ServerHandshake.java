package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The server's side of the handshake. Works on any split; bytes after C2 stay unread, because clients put
/// `connect` into the same segment. A client that signs its C1 gets signed answers in the same layout;
/// everybody else, also who has junk where the signature is announced, the simple ones.
///
/// S0, S1 and S2 leave together as soon as C1 is complete: some clients send C2 only after S2, others
/// before it. S2 is C1 copied whole, time included, because at least one mobile encoder compares it. C2 is
/// never looked at (RTMP 1.0 §5.2).
public final class ServerHandshake {
    private static final byte[] NOTHING = {};
    private static final int C0_C1_BYTES = 1 + Handshakes.PACKET_BYTES;
    private static final int TOTAL_BYTES = C0_C1_BYTES + Handshakes.PACKET_BYTES;

    /// What Flash Media Server 4.0 says of itself; from 3 on, FFmpeg checks the signatures.
    private static final int SIGNED_VERSION = 0x04_00_00_01;

    private final RandomGenerator random;
    /// Given back as soon as it is answered: C2 may take its time.
    private byte[] c1 = new byte[Handshakes.PACKET_BYTES];
    private int received;
    private HandshakeForm form = HandshakeForm.SIMPLE;

    public ServerHandshake(RandomGenerator random) {
        this.random = random;
    }

    /// Takes what it needs of `in` and writes what is due to `out`.
    ///
    /// @return whether the handshake is complete; what is left in `in` belongs to the chunk stream
    /// @throws RtmpException if the first byte is not that of plain RTMP
    public boolean receive(ByteBuf in, ByteBuf out) {
        if (received == 0 && in.isReadable()) {
            Handshakes.checkVersion(in.readUnsignedByte());
            received = 1;
        }
        if (received > 0 && received < C0_C1_BYTES) {
            int bytes = Math.min(in.readableBytes(), C0_C1_BYTES - received);
            in.readBytes(c1, received - 1, bytes);
            received += bytes;
            if (received == C0_C1_BYTES) {
                answer(out);
                c1 = NOTHING;
            }
        }
        if (received >= C0_C1_BYTES) {
            int bytes = Math.min(in.readableBytes(), TOTAL_BYTES - received);
            in.skipBytes(bytes);
            received += bytes;
        }
        return received == TOTAL_BYTES;
    }

    /// How the client shook hands; known when the handshake is complete.
    public HandshakeForm form() {
        return form;
    }

    private void answer(ByteBuf out) {
        var found = Digest.saysVersion(c1) ? Digest.find(c1, Digest.Side.CLIENT) : Optional.<Digest.Found>empty();
        if (found.isEmpty()) {
            Handshakes.writeVersionAnd(Handshakes.simplePacket(random), out);
            out.writeBytes(c1);
            return;
        }
        form = found.get().form();
        byte[] s1 = Handshakes.versionedPacket(SIGNED_VERSION, random);
        Digest.sign(s1, form, Digest.Side.SERVER);
        Handshakes.writeVersionAnd(s1, out);
        out.writeBytes(Digest.answer(found.get().digest(), Digest.Side.SERVER, random));
    }
}
