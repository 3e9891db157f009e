package dev.sluice.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.HexFormat;

/// Bytes as the specification writes them: hexadecimal digits with blanks anywhere.
public final class Hex {
    private Hex() {}

    public static byte[] bytes(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replaceAll("\\s", ""));
    }

    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    public static String of(ByteBuf bytes) {
        return ByteBufUtil.hexDump(bytes);
    }

    public static byte[] repeat(int value, int times) {
        byte[] bytes = new byte[times];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    public static byte[] join(byte[]... parts) {
        var out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
