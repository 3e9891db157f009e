package dev.sluice.rtmp.amf;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import java.nio.charset.StandardCharsets;

/// The bytes of a message and how far they are read.
final class AmfInput {
    private final byte[] bytes;
    private int at;

    AmfInput(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    boolean hasNext() {
        return at < bytes.length;
    }

    int position() {
        return at;
    }

    int unsignedByte() {
        need(1);
        return bytes[at++] & 0xff;
    }

    int unsignedShort() {
        need(2);
        return ((bytes[at++] & 0xff) << 8) | (bytes[at++] & 0xff);
    }

    int int32() {
        return unsignedShort() << 16 | unsignedShort();
    }

    double number() {
        need(8);
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = (bits << 8) | (bytes[at++] & 0xff);
        }
        return Double.longBitsToDouble(bits);
    }

    /// Invalid UTF-8 happens in device names and becomes replacement characters.
    String text(int length, int mostBytes) {
        checkLength(length, mostBytes);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    byte[] bytes(int length, int mostBytes) {
        checkLength(length, mostBytes);
        byte[] copy = new byte[length];
        System.arraycopy(bytes, at, copy, 0, length);
        at += length;
        return copy;
    }

    private void checkLength(int length, int mostBytes) {
        if (length > mostBytes) {
            throw RtmpException.limit(
                    Limit.AMF_STRING_BYTES, "An AMF string of %d bytes where %d are allowed.", length, mostBytes);
        }
        need(length);
    }

    void skip(int count) {
        need(count);
        at += count;
    }

    /// Refuses what promises more than there is.
    void need(long more) {
        if (bytes.length - at < more) {
            throw RtmpException.protocol("An AMF value ends before its end.");
        }
    }
}
