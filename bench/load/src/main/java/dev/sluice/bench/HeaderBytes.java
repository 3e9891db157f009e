package dev.sluice.bench;

import io.netty.buffer.ByteBuf;

/// Collects the few bytes of a header across any split of the input. For one thread.
final class HeaderBytes {
    private final byte[] bytes;
    private int have;

    HeaderBytes(int most) {
        bytes = new byte[most];
    }

    /// Collects until there are `wanted` bytes.
    ///
    /// @return false if `in` ended before
    boolean fill(ByteBuf in, int wanted) {
        int missing = wanted - have;
        if (missing > 0) {
            int now = Math.min(missing, in.readableBytes());
            in.readBytes(bytes, have, now);
            have += now;
        }
        return have >= wanted;
    }

    /// Forgets them: the next header begins.
    void next() {
        have = 0;
    }

    int unsignedByte(int at) {
        return bytes[at] & 0xff;
    }

    int unsignedShort(int at) {
        return unsignedByte(at) << 8 | unsignedByte(at + 1);
    }

    int unsignedMedium(int at) {
        return unsignedShort(at) << 8 | unsignedByte(at + 2);
    }

    long unsignedInt(int at) {
        return (long) unsignedShort(at) << 16 | unsignedShort(at + 2);
    }
}
