package dev.sluice.rtmp.session;

/// Counts what arrived and says when an acknowledgement is due: at half the window, so that a peer which does
/// honour its window never stops. Tiny windows would make us answer every byte and are not honoured (RTMP 1.0
/// §5.4.3, §5.4.4).
final class Acknowledgements {
    private static final int DEFAULT_WINDOW_BYTES = 2_500_000;
    private static final int SMALLEST_WINDOW_BYTES = 32 << 10;
    private static final int LARGEST_WINDOW_BYTES = 64 << 20;
    private static final int SECOND_NS = 1_000_000_000;
    private static final long LONG_AGO = Long.MIN_VALUE;

    private final int intervalNs;
    private int windowBytes = DEFAULT_WINDOW_BYTES;
    private long totalBytes;
    private long acknowledgedBytes;
    /// Before this the next would be too soon. One at a time: a burst would be more than the rate in its first
    /// second.
    private long notBeforeNs = LONG_AGO;

    /// @param perSecond at least 1
    Acknowledgements(int perSecond) {
        intervalNs = SECOND_NS / perSecond;
    }

    void window(long bytes) {
        windowBytes = Math.clamp(bytes, SMALLEST_WINDOW_BYTES, LARGEST_WINDOW_BYTES);
    }

    enum Answer {
        NOT_DUE,
        /// An acknowledgement of [#totalBytes()] is to be sent now.
        DUE,
        /// It would be due, but the last one was sent a moment ago.
        LEFT_OUT
    }

    /// Counts bytes.
    Answer received(int bytes, long nowNs) {
        totalBytes += bytes;
        if (totalBytes - acknowledgedBytes < windowBytes / 2) {
            return Answer.NOT_DUE;
        }
        if (nowNs < notBeforeNs) {
            return Answer.LEFT_OUT;
        }
        notBeforeNs = nowNs + intervalNs;
        acknowledgedBytes = totalBytes;
        return Answer.DUE;
    }

    long totalBytes() {
        return totalBytes;
    }
}
