package dev.sluice.media.bits;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;

/// Steps through an access unit whose NAL units have 4-byte lengths and are not empty. Makes nothing on the heap
/// per unit: it runs for every frame. For one thread.
public final class NalWalker {
    public static final int LENGTH_BYTES = 4;

    private final Payload accessUnit;
    private int start;
    private int end;

    public NalWalker(Payload accessUnit) {
        this.accessUnit = accessUnit;
    }

    /// Goes to the next unit; false after the last.
    ///
    /// @throws Malformed when its length leads past the end
    public boolean next() {
        int left = accessUnit.length() - end;
        if (left == 0) {
            return false;
        }
        long length = left <= LENGTH_BYTES ? 0 : lengthAt(accessUnit, end, LENGTH_BYTES);
        if (length == 0 || length > left - LENGTH_BYTES) {
            throw Malformed.frame("NAL unit of %d bytes in %d", length, left);
        }
        start = end + LENGTH_BYTES;
        end = start + (int) length;
        return true;
    }

    /// The first byte of the unit, which holds its type.
    public int header() {
        return accessUnit.get(start);
    }

    public Payload unit() {
        return accessUnit.part(start, end - start);
    }

    /// The unsigned big-endian number of `size` bytes (1 to 4) at `index`.
    public static long lengthAt(Payload bytes, int index, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | bytes.get(index + i);
        }
        return value;
    }
}
