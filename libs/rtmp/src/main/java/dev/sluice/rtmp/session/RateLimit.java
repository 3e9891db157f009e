package dev.sluice.rtmp.session;

/// At most so many at once, and so many a second over time. Remembers only when the next would be on time; a
/// burst may be that much early. Sees time only as an argument; any monotonic origin will do.
final class RateLimit {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long LONG_AGO = Long.MIN_VALUE;

    private final int perSecond;
    private final int burst;
    private long onTimeNs = LONG_AGO;

    /// @param perSecond at least 1
    /// @param burst at least 1
    RateLimit(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /// Takes one of those that are allowed.
    ///
    /// @return whether one was left; asking in vain changes nothing
    boolean take(long nowNs) {
        long intervalNs = SECOND_NS / perSecond;
        long fromNs = Math.max(onTimeNs, nowNs);
        if (fromNs - nowNs > intervalNs * (burst - 1)) {
            return false;
        }
        onTimeNs = fromNs + intervalNs;
        return true;
    }
}
