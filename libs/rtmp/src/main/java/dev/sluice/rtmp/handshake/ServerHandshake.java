package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/// The server's side of the simple handshake. Works on any split; bytes after C2 stay unread, because clients put
/// `connect` into the same segment.
///
/// S0, S1 and S2 leave together as soon as C1 is complete: some clients send C2 only after S2, others before it.
/// S2 is C1 copied whole, time included, because at least one mobile encoder compares it. C2 is never looked at
/// (RTMP 1.0 §5.2).
public final class ServerHandshake {
    private static final int C0_C1_BYTES = 1 + Handshakes.PACKET_BYTES;
    private static final int TOTAL_BYTES = C0_C1_BYTES + Handshakes.PACKET_BYTES;

    private final RandomGenerator random;
    private final byte[] c1 = new byte[Handshakes.PACKET_BYTES];
    private int received;

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
            }
        }
        if (received >= C0_C1_BYTES) {
            int bytes = Math.min(in.readableBytes(), TOTAL_BYTES - received);
            in.skipBytes(bytes);
            received += bytes;
        }
        return received == TOTAL_BYTES;
    }

    private void answer(ByteBuf out) {
        Handshakes.writeVersionAndPacket(out, random);
        out.writeBytes(c1);
    }
}
