package dev.sluice.hub;

/// Where one track is on the stream's timeline, and where its next frame should be. Owned by the stream's
/// home loop.
final class TrackPace {
    private static final long MS = Timeline.MS;
    private static final long USUAL_STEP_NS = 33 * MS;
    private static final long MAX_STEP_NS = 500 * MS;
    private static final long LONG_WAIT_NS = 1_000 * MS;

    private long lastNs = -1;
    private long stepNs = USUAL_STEP_NS;
    private long arrivalNs;

    long lastNs() {
        return lastNs;
    }

    long usualStepNs() {
        return stepNs;
    }

    /// The earliest time that keeps the track in order.
    long soonestNs() {
        return lastNs < 0 ? 0 : lastNs + MS;
    }

    /// Where the track goes on when its clock says nothing useful.
    long nextNs(long nowNs) {
        long waitedNs = RealTime.between(arrivalNs, nowNs);
        return lastNs + (waitedNs > LONG_WAIT_NS ? wholeMs(waitedNs) : stepNs);
    }

    /// How far a place is from where the next frame should be: a usual step on, or as far on as real time
    /// went.
    long errorNs(long placeNs, long nowNs) {
        long step = Math.clamp(placeNs - lastNs, Long.MIN_VALUE / 4, Long.MAX_VALUE / 4);
        return Math.min(Math.abs(step - stepNs), Math.abs(step - RealTime.between(arrivalNs, nowNs)));
    }

    /// The step from one frame to the next of a publication.
    void learn(long stepNs) {
        this.stepNs = Math.clamp(stepNs, MS, MAX_STEP_NS);
    }

    void goTo(long placeNs, long nowNs) {
        lastNs = placeNs;
        arrivalNs = nowNs;
    }

    static long wholeMs(long durationNs) {
        return Math.ceilDiv(durationNs, MS) * MS;
    }
}
