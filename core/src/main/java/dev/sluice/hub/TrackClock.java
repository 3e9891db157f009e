package dev.sluice.hub;

/// The clock of one track of one publication after the other: its offset to the stream's, and how far back it
/// may go.
///
/// Times of the publisher may be any 64 bits: offsets and differences are taken modulo 2^64, and only
/// differences are compared. Times of the stream are never negative. Owned by the stream's home loop.
final class TrackClock {
    /// Within this a time is as expected, and a step back is disorder rather than a jump.
    static final long TOLERANCE_NS = 500 * Timeline.MS;

    private static final long MAX_BEHIND_NS = 5_000 * Timeline.MS;
    private static final int PROVEN_BY_FRAMES = 8;

    private final TrackPace pace = new TrackPace();
    private long offsetNs;
    /// The last offset that carried some frames: where an outlier comes back to.
    private long homeNs;
    private int carried;
    /// Where its clock put the last frame, which may stand later to be in order.
    private long placeNs;
    /// Where the clock was before its last step ahead: to come back to that is no jump.
    private long beforeNs;

    /// Another publication begins. The stream's own times stay.
    void leave() {
        carried = 0;
    }

    /// Whether nothing of this track has come in this publication.
    boolean isNew() {
        return carried == 0;
    }

    TrackPace pace() {
        return pace;
    }

    long offsetNs() {
        return offsetNs;
    }

    long homeNs() {
        return homeNs;
    }

    boolean jumpsBackTo(long placeNs) {
        return placeNs - beforeNs < -TOLERANCE_NS;
    }

    /// Maps the publisher's clock by `offsetNs` from now on.
    void adopt(long offsetNs) {
        if (carried == 0) {
            homeNs = offsetNs;
        } else if (offsetNs != this.offsetNs) {
            carried = 1;
        }
        this.offsetNs = offsetNs;
    }

    /// Takes the next frame.
    ///
    /// @param placeNs where its clock puts it: at most days from the last
    /// @return where it is: there, or later to be in order
    long take(long placeNs, long nowNs) {
        if (carried == 0) {
            beforeNs = placeNs;
        } else if (placeNs > pace.lastNs()) {
            beforeNs = this.placeNs;
            pace.learn(placeNs - pace.lastNs());
        }
        this.placeNs = placeNs;
        long atNs = Math.max(pace.soonestNs(), placeNs);
        beforeNs = Math.max(beforeNs, atNs - MAX_BEHIND_NS);
        carried = Math.min(carried + 1, PROVEN_BY_FRAMES);
        if (carried == PROVEN_BY_FRAMES) {
            homeNs = offsetNs;
        }
        pace.goTo(atNs, nowNs);
        return atNs;
    }
}
