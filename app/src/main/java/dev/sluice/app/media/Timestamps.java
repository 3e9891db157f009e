package dev.sluice.app.media;

/// What is wrong with the times of one track, as they came: 32 bits of milliseconds.
final class Timestamps {
    /// A step of more is no late frame.
    private static final long JUMP_MS = 1_000;

    private long frames;
    private long lastMs;
    private long firstMs;
    private long back;
    private long equal;
    private long jumps;
    private long longestJumpMs;
    private long wraps;

    void add(long timestampMs) {
        if (frames++ == 0) {
            firstMs = timestampMs;
        } else {
            judge(timestampMs, (int) (timestampMs - lastMs));
        }
        lastMs = timestampMs;
    }

    private void judge(long timestampMs, int stepMs) {
        if (stepMs > 0 && timestampMs < lastMs) {
            wraps++;
        }
        if (stepMs < 0) {
            back++;
        } else if (stepMs == 0) {
            equal++;
        } else if (stepMs > JUMP_MS) {
            jumps++;
            longestJumpMs = Math.max(longestJumpMs, stepMs);
        }
    }

    boolean any() {
        return frames > 0;
    }

    long firstMs() {
        return firstMs;
    }

    /// @param stepsBack frames earlier than the one before
    /// @param equal frames at the same time as the one before
    /// @param jumps steps of more than a second
    /// @param wraps turns of the 32 bits
    record Faults(long stepsBack, long equal, long jumps, long longestJumpMs, long wraps) {
        boolean any() {
            return stepsBack + equal + jumps > 0;
        }
    }

    Faults faults() {
        return new Faults(back, equal, jumps, longestJumpMs, wraps);
    }
}
