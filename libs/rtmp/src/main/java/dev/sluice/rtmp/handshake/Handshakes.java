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
        if (Scrambling.begins(firstByte)) {
            return "The peer asks for RTMPE, which is off here.";
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
    static byte[] simplePacket(RandomGenerator random) {
        byte[] packet = new byte[PACKET_BYTES];
        random.nextBytes(packet);
        Arrays.fill(packet, 0, ZERO_HEAD_BYTES, (byte) 0);
        return packet;
    }

    /// A packet that says it is signed; the digest is still to be put in.
    ///
    /// @param version of Flash, four bytes
    static byte[] versionedPacket(int version, RandomGenerator random) {
        byte[] packet = simplePacket(random);
        packet[4] = (byte) (version >> 24);
        packet[5] = (byte) (version >> 16);
        packet[6] = (byte) (version >> 8);
        packet[7] = (byte) version;
        return packet;
    }

    static void writeVersionAnd(byte[] packet, ByteBuf out) {
        out.writeByte(VERSION).writeBytes(packet);
    }

    /// Appends to a packet what has arrived of it.
    ///
    /// @param filled bytes of it that are there
    /// @return how many are there now
    static int fill(byte[] packet, int filled, ByteBuf in) {
        int bytes = Math.min(in.readableBytes(), packet.length - filled);
        in.readBytes(packet, filled, bytes);
        return filled + bytes;
    }
}
