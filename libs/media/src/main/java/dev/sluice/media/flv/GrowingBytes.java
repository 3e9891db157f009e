package dev.sluice.media.flv;

import dev.sluice.media.Payload;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Collects a declared number of bytes. Holds at most about twice what has arrived, whatever was declared.
final class GrowingBytes {
    private final int expected;
    private byte[] bytes = new byte[0];
    private int length;

    GrowingBytes(int expected) {
        this.expected = expected;
    }

    /// Takes what is there and still missing; true when complete.
    boolean takeFrom(ByteBuf in) {
        int taken = Math.min(expected - length, in.readableBytes());
        int needed = length + taken;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(expected, Math.max(2L * bytes.length, needed)));
        }
        in.readBytes(bytes, length, taken);
        length = needed;
        return length == expected;
    }

    /// What it occupies.
    int heldBytes() {
        return bytes.length;
    }

    Payload payload() {
        return Payload.of(bytes, 0, length);
    }
}
