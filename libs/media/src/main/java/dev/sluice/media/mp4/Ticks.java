package dev.sluice.media.mp4;

/// Converts between nanoseconds and a track's ticks. Both ways start from the absolute time and round to the
/// nearest, so errors never add up; seconds and the rest are converted apart, so nothing overflows in the next
/// 290 years.
public final class Ticks {
    private static final long NS_PER_SECOND = 1_000_000_000;

    private Ticks() {}

    /// The tick nearest to a time.
    ///
    /// @param timescale ticks per second, at most 10^9
    public static long ofNs(long timeNs, int timescale) {
        long seconds = Math.floorDiv(timeNs, NS_PER_SECOND);
        long restNs = Math.floorMod(timeNs, NS_PER_SECOND);
        return seconds * timescale + (restNs * timescale + NS_PER_SECOND / 2) / NS_PER_SECOND;
    }

    /// The nanosecond nearest to a tick.
    ///
    /// @param timescale ticks per second, at most 10^9
    public static long toNs(long ticks, int timescale) {
        long seconds = Math.floorDiv(ticks, (long) timescale);
        long rest = Math.floorMod(ticks, (long) timescale);
        return seconds * NS_PER_SECOND + (rest * NS_PER_SECOND + timescale / 2) / timescale;
    }
}
