package dev.sluice.rtmp.chunk;

import io.netty.buffer.ByteBuf;

/// Collects the few bytes of a header across any split of the input, and can give back what it read too far.
final class ChunkInput {
    private static final int LONGEST_FIELD_BYTES = 11;
    private static final byte[] NOTHING = {};

    private final byte[] field = new byte[LONGEST_FIELD_BYTES];
    private int fieldBytes;
    private byte[] again = NOTHING;
    private int againFrom;

    /// Collects until the field has `bytes` bytes.
    ///
    /// @return false if `in` ended before
    boolean fill(ByteBuf in, int bytes) {
        while (fieldBytes < bytes) {
            if (againFrom < again.length) {
                field[fieldBytes++] = again[againFrom++];
            } else if (in.isReadable()) {
                field[fieldBytes++] = in.readByte();
            } else {
                return false;
            }
        }
        return true;
    }

    /// Forgets the field: the next begins.
    void next() {
        fieldBytes = 0;
    }

    /// Puts the bytes of the field back in front of the input: they were no header.
    void giveBack() {
        byte[] rest = new byte[fieldBytes + again.length - againFrom];
        System.arraycopy(field, 0, rest, 0, fieldBytes);
        System.arraycopy(again, againFrom, rest, fieldBytes, again.length - againFrom);
        again = rest;
        againFrom = 0;
        fieldBytes = 0;
    }

    boolean hasGivenBack() {
        return againFrom < again.length;
    }

    byte takeGivenBack() {
        return again[againFrom++];
    }

    boolean isReadable(ByteBuf in) {
        return hasGivenBack() || in.isReadable();
    }

    int unsignedByte(int at) {
        return field[at] & 0xff;
    }

    int unsignedMedium(int at) {
        return unsignedByte(at) << 16 | unsignedByte(at + 1) << 8 | unsignedByte(at + 2);
    }

    int fourBytes(int at) {
        return unsignedByte(at) << 24 | unsignedMedium(at + 1);
    }

    int fourBytesLittleEndian(int at) {
        return Integer.reverseBytes(fourBytes(at));
    }

    /// Whether the field so far equals the first bytes of `value`.
    boolean matches(int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (unsignedByte(i) != (value >>> (24 - 8 * i) & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
