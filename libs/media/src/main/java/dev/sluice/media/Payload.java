package dev.sluice.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/// Bytes on the heap that nobody changes any more. They belong to the collector, so they may be shared by any
/// number of readers on any thread without counting. It has no cursor: each reader takes its own [#slice()].
public final class Payload {
    public static final Payload EMPTY = new Payload(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Payload(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /// Takes the array over: the caller must not change it afterwards.
    public static Payload of(byte[] array) {
        return new Payload(array, 0, array.length);
    }

    /// Takes a range of the array over.
    public static Payload of(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new Payload(array, offset, length);
    }

    /// Copies the readable bytes; the buffer stays as it was.
    public static Payload copyOf(ByteBuf bytes) {
        var copy = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), copy);
        return of(copy);
    }

    public int length() {
        return length;
    }

    /// The byte at `index`, 0..255.
    public int get(int index) {
        return array[offset + Objects.checkIndex(index, length)] & 0xff;
    }

    /// A view of a part; shares the bytes.
    public Payload part(int from, int count) {
        Objects.checkFromIndexSize(from, count, length);
        return new Payload(array, offset + from, count);
    }

    /// A read-only cursor of the caller's own; needs no release.
    public ByteBuf slice() {
        return Unpooled.wrappedBuffer(array, offset, length).asReadOnly();
    }

    /// Appends the bytes to `out`.
    public void writeTo(ByteBuf out) {
        out.writeBytes(array, offset, length);
    }

    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + array[offset + i];
        }
        return hash;
    }

    /// Length and the first bytes in hex, for logs and failing tests.
    @Override
    public String toString() {
        int shown = Math.min(length, 16);
        return length + " bytes " + HexFormat.of().formatHex(array, offset, offset + shown)
                + (shown < length ? "…" : "");
    }
}
