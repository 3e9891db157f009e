package dev.sluice.media.flv;

import io.netty.buffer.ByteBuf;

/// Writes the frame of an FLV file: its header, and what stands before and after each tag body. The body itself
/// may be written in between by [FlvMuxer#writeBody], so that a coded frame is copied once.
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.2 to §E.4
public final class FlvFileWriter {
    /// File header and the size of the tag before the first.
    public static final int HEADER_BYTES = 9 + 4;
    /// What a tag adds to its body: tag header and the size that follows.
    public static final int TAG_OVERHEAD_BYTES = 11 + 4;

    private static final int TAG_HEADER_BYTES = 11;

    private FlvFileWriter() {}

    public static void writeHeader(boolean audio, boolean video, ByteBuf out) {
        out.writeByte('F').writeByte('L').writeByte('V').writeByte(1);
        out.writeByte((audio ? 4 : 0) | (video ? 1 : 0));
        out.writeInt(9);
        out.writeInt(0);
    }

    public static void writeTag(FlvTag tag, ByteBuf out) {
        writeTagHeader(tag.type(), tag.timestampMs(), tag.body().length(), out);
        tag.body().writeTo(out);
        writeTagEnd(tag.body().length(), out);
    }

    /// Writes what stands before a body of the given size.
    ///
    /// @param timestampMs of which 32 bits are written
    public static void writeTagHeader(int type, long timestampMs, int bodyBytes, ByteBuf out) {
        if (bodyBytes < 0 || bodyBytes > FlvTag.MAX_BODY_BYTES) {
            throw new IllegalArgumentException("an FLV tag cannot hold " + bodyBytes + " bytes");
        }
        out.writeByte(type);
        out.writeMedium(bodyBytes);
        out.writeMedium((int) timestampMs & 0xff_ffff);
        out.writeByte((int) (timestampMs >>> 24));
        out.writeMedium(0); // stream id
    }

    public static void writeTagEnd(int bodyBytes, ByteBuf out) {
        out.writeInt(TAG_HEADER_BYTES + bodyBytes);
    }
}
