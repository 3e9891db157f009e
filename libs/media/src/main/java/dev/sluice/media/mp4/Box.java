package dev.sluice.media.mp4;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A box: its size, its type, its content. Sizes are known before anything is written, so a box is written in one
/// go and room for it can be reserved exactly.
///
/// @spec https://www.iso.org/standard/83102.html ISO/IEC 14496-12 §4.2
interface Box {
    int HEADER_BYTES = 8;
    /// Version and flags, with which a "full box" begins.
    int FULL_BYTES = 4;

    /// Four letters.
    String type();

    int contentBytes();

    void writeContent(ByteBuf out);

    default int bytes() {
        return HEADER_BYTES + contentBytes();
    }

    default void writeTo(ByteBuf out) {
        out.writeInt(bytes());
        writeType(type(), out);
        writeContent(out);
    }

    static void writeType(String type, ByteBuf out) {
        out.writeCharSequence(type, StandardCharsets.ISO_8859_1);
    }

    static void writeFull(int version, int flags, ByteBuf out) {
        out.writeInt(version << 24 | flags);
    }

    /// A box that holds nothing but boxes.
    record Container(String type, List<Box> children) implements Box {
        static Container of(String type, Box... children) {
            return new Container(type, List.of(children));
        }

        @Override
        public int contentBytes() {
            return children.stream().mapToInt(Box::bytes).sum();
        }

        @Override
        public void writeContent(ByteBuf out) {
            children.forEach(child -> child.writeTo(out));
        }
    }
}
