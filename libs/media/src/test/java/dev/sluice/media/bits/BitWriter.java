package dev.sluice.media.bits;

import dev.sluice.media.Payload;
import java.io.ByteArrayOutputStream;

/// Writes headers that no encoder at hand would write.
public final class BitWriter {
    private final StringBuilder bits = new StringBuilder();

    public BitWriter bits(long value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            bits.append(value >> i & 1);
        }
        return this;
    }

    public BitWriter flag(boolean value) {
        return bits(value ? 1 : 0, 1);
    }

    public BitWriter ue(long value) {
        int length = 64 - Long.numberOfLeadingZeros(value + 1);
        return bits(0, length - 1).bits(value + 1, length);
    }

    public BitWriter se(long value) {
        return ue(value > 0 ? 2 * value - 1 : -2 * value);
    }

    /// The bytes, filled up with zeros.
    public Payload payload() {
        var bytes = new ByteArrayOutputStream();
        for (int at = 0; at < bits.length(); at += 8) {
            var eight = (bits.substring(at, Math.min(at + 8, bits.length())) + "0000000").substring(0, 8);
            bytes.write(Integer.parseInt(eight, 2));
        }
        return Payload.of(bytes.toByteArray());
    }
}
