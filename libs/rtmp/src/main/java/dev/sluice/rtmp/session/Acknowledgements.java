package dev.sluice.rtmp.session;

/// Counts what arrived and says when an acknowledgement is due: at half the window, so that a peer which does
/// honour its window never stops. Tiny windows would make us answer every byte and are not honoured (RTMP 1.0
/// §5.4.3, §5.4.4).
final class Acknowledgements {
    private static final long DEFAULT_WINDOW_BYTES = 2_500_000;
    private static final long SMALLEST_WINDOW_BYTES = 32 << 10;
    private static final long LARGEST_WINDOW_BYTES = 64 << 20;

    private final RateLimit rate;
    private long windowBytes = DEFAULT_WINDOW_BYTES;
    private long totalBytes;
    private long acknowledgedBytes;

    Acknowledgements(int perSecond) {
        // One at a time: a burst would be more than the rate in its first second.
        rate = new RateLimit(perSecond, 1);
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
        if (!rate.take(nowNs)) {
            return Answer.LEFT_OUT;
        }
        acknowledgedBytes = totalBytes;
        return Answer.DUE;
    }

    long totalBytes() {
        return totalBytes;
    }
}
