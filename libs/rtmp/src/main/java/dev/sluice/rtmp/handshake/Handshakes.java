package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// What both sides of the simple handshake share.
final class Handshakes {
    static final int PACKET_BYTES = 1536;

    private static final int VERSION = 3;
    private static final int ZERO_HEAD_BYTES = 8;

    private Handshakes() {}

    /// A wrong first byte nearly always means a wrong port or scheme, so the sentence says which.
    static void checkVersion(int firstByte) {
        if (firstByte != VERSION) {
            throw RtmpException.handshake("%s", reason(firstByte));
        }
    }

    private static String reason(int firstByte) {
        if (firstByte == 6 || firstByte == 8 || firstByte == 9) {
            return "The peer asks for encrypted RTMPE, which is not supported yet.";
        }
        if (firstByte == 0x16) {
            return "This is TLS on the port of plain RTMP: use rtmp:// here.";
        }
        if (firstByte >= 'A' && firstByte <= 'Z') {
            return "This is HTTP on the RTMP port.";
        }
        if (firstByte == '<') {
            return "This is a Flash policy request, which is not answered.";
        }
        return "Not RTMP: the first byte is %d instead of 3.".formatted(firstByte);
    }

    /// Time and version are zero. FFmpeg as a player insists on a signed answer if byte 4 is 3 or more.
    static void writeVersionAndPacket(ByteBuf out, RandomGenerator random) {
        byte[] packet = new byte[1 + PACKET_BYTES];
        random.nextBytes(packet);
        packet[0] = VERSION;
        Arrays.fill(packet, 1, 1 + ZERO_HEAD_BYTES, (byte) 0);
        out.writeBytes(packet);
    }
}
