package dev.sluice.media.bits;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;

/// Reads bits, most significant first, from bytes that a stranger sent. Every read is checked against the end;
/// reading past it is a [Malformed] frame that names what was being read. For one thread, for one pass.
///
/// @spec https://www.itu.int/rec/T-REC-H.264 ITU-T H.264 §7.2 and §9.1 (Exp-Golomb codes)
public final class BitReader {
    /// A longer run of zeros cannot be a value that any of our syntaxes allows.
    private static final int MAX_LEADING_ZEROS = 32;

    private final Payload bytes;
    private final String what;
    private long positionBits;

    /// @param what names the thing in error messages, such as `SPS`
    public BitReader(Payload bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    public long remainingBits() {
        return 8L * bytes.length() - positionBits;
    }

    public boolean flag() {
        return longBits(1) == 1;
    }

    /// An unsigned number of 0 to 31 bits.
    public int bits(int count) {
        if (count > 31) {
            throw new IllegalArgumentException(count + " bits do not fit an int");
        }
        return (int) longBits(count);
    }

    /// An unsigned number of 0 to 63 bits.
    public long longBits(int count) {
        if (count < 0 || count > 63) {
            throw new IllegalArgumentException(count + " bits do not fit a long");
        }
        require(count);
        long value = 0;
        int left = count;
        while (left > 0) {
            int leftInByte = 8 - (int) (positionBits & 7);
            int taken = Math.min(leftInByte, left);
            int part = bytes.get((int) (positionBits >>> 3)) >> (leftInByte - taken) & ((1 << taken) - 1);
            value = value << taken | part;
            positionBits += taken;
            left -= taken;
        }
        return value;
    }

    public void skip(long count) {
        require(count);
        positionBits += count;
    }

    /// Goes on at the next byte boundary; stays where it is on one.
    public void align() {
        positionBits = (positionBits + 7) & ~7L;
    }

    /// Whole bytes, shared and not copied.
    public Payload bytes(int count) {
        if ((positionBits & 7) != 0) {
            throw new IllegalStateException("not on a byte boundary");
        }
        require(8L * count);
        var part = bytes.part((int) (positionBits >>> 3), count);
        positionBits += 8L * count;
        return part;
    }

    /// Unsigned Exp-Golomb code, ue(v).
    public long ue() {
        int zeros = 0;
        while (!flag()) {
            zeros++;
            if (zeros > MAX_LEADING_ZEROS) {
                throw Malformed.frame("%s: Exp-Golomb code with more than %d leading zeros", what, MAX_LEADING_ZEROS);
            }
        }
        return (1L << zeros) - 1 + longBits(zeros);
    }

    /// Unsigned Exp-Golomb code that its clause limits to `max`.
    public int ue(int max, String name) {
        long value = ue();
        if (value > max) {
            throw Malformed.frame("%s: %s is %d, at most %d is allowed", what, name, value, max);
        }
        return (int) value;
    }

    /// Signed Exp-Golomb code, se(v).
    public long se() {
        long code = ue();
        return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
    }

    private void require(long count) {
        if (count > remainingBits()) {
            throw Malformed.frame("%s ends %d bits too early", what, count - remainingBits());
        }
    }
}
