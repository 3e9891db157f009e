package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/// The client's side of the simple handshake. C2 leaves as soon as S1 is complete, because some servers hold S2
/// back until they have it. S2 is awaited, so that the chunk stream begins at the right byte, but its content is
/// never checked: servers differ in what they put there. @spec RTMP 1.0 §5.2
public final class ClientHandshake {
    private static final int S0_S1_BYTES = 1 + Handshakes.PACKET_BYTES;
    private static final int TOTAL_BYTES = S0_S1_BYTES + Handshakes.PACKET_BYTES;

    private final RandomGenerator random;
    private final byte[] s1 = new byte[Handshakes.PACKET_BYTES];
    private int received;

    public ClientHandshake(RandomGenerator random) {
        this.random = random;
    }

    /// Writes C0 and C1.
    public void start(ByteBuf out) {
        Handshakes.writeVersionAndPacket(out, random);
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
                out.writeBytes(s1);
            }
        }
        if (received >= S0_S1_BYTES) {
            int bytes = Math.min(in.readableBytes(), TOTAL_BYTES - received);
            in.skipBytes(bytes);
            received += bytes;
        }
        return received == TOTAL_BYTES;
    }
}
