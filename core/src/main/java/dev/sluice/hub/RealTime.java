package dev.sluice.hub;

/// What real time says about a stream's clock: how long nothing came, how far the media is late, and how far
/// it may be ahead at all. Nanoseconds; survives any reading of the loop's clock. Owned by the stream's home
/// loop.
final class RealTime {
    private static final long SECOND_NS = 1_000_000_000L;
    /// Nobody waits longer, and no sum of such waits overflows.
    private static final long MAX_WAIT_NS = 365L * 86_400 * SECOND_NS;

    private static final long MAX_LATE_NS = 60 * SECOND_NS;
    /// What of it is not caught up with is forgotten in about this time: a clock that is a little slow for a
    /// day is not late, it is slow.
    private static final long FORGETTING_NS = 600 * SECOND_NS;

    private static final long MAX_LEAD_NS = 86_400 * SECOND_NS;

    private long startedNs;
    private long lastArrivalNs;
    /// Negative: early.
    private long lateNs;

    /// The stream's clock begins now.
    void start(long nowNs) {
        startedNs = nowNs;
        lastArrivalNs = nowNs;
        lateNs = 0;
    }

    /// A publication begins: it owes nothing to the one before.
    void forgetLateness() {
        lateNs = 0;
    }

    long lastArrivalNs() {
        return lastArrivalNs;
    }

    /// How long ago the last frame came.
    long waitedNs(long nowNs) {
        return between(lastArrivalNs, nowNs);
    }

    /// How far the media may step ahead now without getting ahead of real time.
    long creditNs(long nowNs) {
        return waitedNs(nowNs) + Math.max(0, lateNs);
    }

    /// The latest place on the stream's timeline that a frame may have now.
    long latestNs(long nowNs) {
        return MAX_LEAD_NS + between(startedNs, nowNs);
    }

    /// @param advanceNs by how much the stream's clock went on with the frame that came now
    void arrived(long advanceNs, long nowNs) {
        long waitedNs = waitedNs(nowNs);
        long isLateNs = lateNs + waitedNs - advanceNs;
        long oldNs = lateNs > 0 ? Math.clamp(isLateNs, 0, lateNs) : Math.clamp(isLateNs, lateNs, 0);
        double forgotten = (double) Math.min(waitedNs, FORGETTING_NS) / FORGETTING_NS;
        lateNs = Math.min(MAX_LATE_NS, isLateNs - (long) (oldNs * forgotten));
        lastArrivalNs += waitedNs; // a reading that runs back moves nothing: no time counts twice
    }

    static long between(long earlierNs, long laterNs) {
        return Math.clamp(laterNs - earlierNs, 0, MAX_WAIT_NS);
    }
}
