package dev.sluice.plugin.rtmp;

import java.util.Arrays;

/// The numbers that a client gives its requests. They count up by one from 0 or 1; the last one may come
/// again, when its answer was lost on the way, and gets the same answer without being done twice. One owner.
final class TunnelTurns {
    /// More than any client reaches in years.
    private static final int MAX_DIGITS = 15;

    private static final long NONE = -1;

    private long last = NONE;
    private byte[] answer = {};

    /// What to do with a request.
    sealed interface Turn {
        record Next() implements Turn {}

        @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
        record Again(byte[] answer) implements Turn {}

        record OutOfOrder() implements Turn {}
    }

    /// @param number as it stands in the path
    Turn turn(String number) {
        if (!number.matches("[0-9]{1," + MAX_DIGITS + "}")) {
            return new Turn.OutOfOrder();
        }
        long n = Long.parseLong(number);
        if (n == last) {
            return new Turn.Again(answer.clone());
        }
        boolean next = last == NONE ? n <= 1 : n == last + 1;
        if (!next) {
            return new Turn.OutOfOrder();
        }
        last = n;
        return new Turn.Next();
    }

    /// The answer to the last request.
    void answered(byte[] bytes) {
        answer = Arrays.copyOf(bytes, bytes.length);
    }
}
