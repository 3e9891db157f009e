package dev.sluice.plugin.mse;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Writes WebSocket frames from a server, which are not masked: so the same bytes serve every viewer.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6455#section-5.2
final class WebSocketFrames {
    static final int MAX_HEADER_BYTES = 10;
    private static final int FINAL = 0x80;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int NORMAL_CLOSURE = 1000;

    private WebSocketFrames() {}

    static void writeText(String text, ByteBuf out) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        writeHeader(TEXT, bytes.length, out);
        out.writeBytes(bytes);
    }

    /// The header of a whole binary message of `length` bytes, which the caller writes next.
    static void writeBinaryHeader(int length, ByteBuf out) {
        writeHeader(BINARY, length, out);
    }

    /// @param reason at most 123 bytes
    static void writeClose(String reason, ByteBuf out) {
        var bytes = reason.getBytes(StandardCharsets.UTF_8);
        writeHeader(CLOSE, Short.BYTES + bytes.length, out);
        out.writeShort(NORMAL_CLOSURE).writeBytes(bytes);
    }

    private static void writeHeader(int opcode, int length, ByteBuf out) {
        out.writeByte(FINAL | opcode);
        if (length < 126) {
            out.writeByte(length);
        } else if (length <= 0xffff) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }
}
