package dev.sluice.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/// What a synthetic frame carries instead of a picture: which run it belongs to, its number, when it was sent; then a
/// filling that follows from the number, so that every byte can be checked. All bytes have their highest bit set,
/// so nothing in them looks like a start code.
///
/// @param sequence number of the frame in its track, from 1 on
/// @param sentNs when it was handed to the connection, by the clock of the run
public record Mark(long sequence, long sentNs) {
    /// Length of the mark itself.
    public static final int BYTES = 20;

    private static final int RUN_BYTES = 4;
    private static final int NUMBER_BYTES = 8;
    private static final byte[] FILLING = filling();

    private static byte[] filling() {
        var random = new SplittableRandom(1);
        var bytes = new byte[1 << 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (0x80 | random.nextInt(128));
        }
        return bytes;
    }

    /// A number for a run, which other runs hardly have.
    static int newRun() {
        return new SplittableRandom().nextInt(1 << 7 * RUN_BYTES);
    }

    /// Writes the mark and fills the rest of `body`.
    void write(int run, byte[] body, int at) {
        putSevenBits(run, body, at, RUN_BYTES);
        putSevenBits(sequence, body, at + RUN_BYTES, NUMBER_BYTES);
        putSevenBits(sentNs, body, at + RUN_BYTES + NUMBER_BYTES, NUMBER_BYTES);
        int next = at + BYTES;
        int from = fillingStart();
        while (next < body.length) {
            int bytes = Math.min(body.length - next, FILLING.length - from);
            System.arraycopy(FILLING, from, body, next, bytes);
            next += bytes;
            from = 0;
        }
    }

    /// Reads a mark.
    ///
    /// @param end behind the last byte that is known
    /// @return empty if there is none of this run
    static Optional<Mark> read(int run, byte[] body, int at, int end) {
        if (end - at < BYTES || sevenBits(body, at, RUN_BYTES) != run) {
            return Optional.empty();
        }
        return Optional.of(new Mark(
                sevenBits(body, at + RUN_BYTES, NUMBER_BYTES),
                sevenBits(body, at + RUN_BYTES + NUMBER_BYTES, NUMBER_BYTES)));
    }

    /// Whether the bytes behind the mark are those that were sent.
    ///
    /// @param at where the mark begins
    /// @param end behind the last byte of the frame
    boolean fills(byte[] body, int at, int end) {
        int next = at + BYTES;
        int from = fillingStart();
        while (next < end) {
            int bytes = Math.min(end - next, FILLING.length - from);
            if (Arrays.mismatch(body, next, next + bytes, FILLING, from, from + bytes) >= 0) {
                return false;
            }
            next += bytes;
            from = 0;
        }
        return true;
    }

    private int fillingStart() {
        return (int) (sequence * 61 & FILLING.length - 1);
    }

    private static void putSevenBits(long value, byte[] to, int at, int bytes) {
        for (int i = 0; i < bytes; i++) {
            to[at + i] = (byte) (0x80 | value >>> 7 * (bytes - 1 - i) & 0x7f);
        }
    }

    private static long sevenBits(byte[] from, int at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 7 | from[at + i] & 0x7f;
        }
        return value;
    }
}
