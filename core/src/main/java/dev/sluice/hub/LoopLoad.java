package dev.sluice.hub;

/// How much of one loop's time it would take to send every frame to every viewer by itself.
///
/// That is asked, and not how busy the loop is: a loop is less busy once frames leave together, and a window that
/// followed would swing. What one write costs is measured, and how many frames there are to send does not depend on
/// how they are sent. Owned by the loop.
final class LoopLoad {
    private static final long PERIOD_NS = 250_000_000L;
    /// Below this share of the loop's time frames leave at once.
    private static final double AT_EASE = 0.15;
    /// From this share on, the window is as long as it may be.
    private static final double BUSY = 0.45;

    private long periodStartNs;
    private long frames;
    private long writes;
    private long busyNs;
    private double demand;

    /// One pass over the viewers of a log.
    ///
    /// @param frames that were sent, summed over the viewers
    /// @param writes by which they were sent
    /// @param tookNs what the pass took
    /// @param nowNs when it ended
    void sent(long frames, long writes, long tookNs, long nowNs) {
        this.frames += frames;
        this.writes += writes;
        this.busyNs += tookNs;
        long elapsedNs = nowNs - periodStartNs;
        if (elapsedNs >= PERIOD_NS) {
            settle(elapsedNs);
            periodStartNs = nowNs;
        }
    }

    private void settle(long elapsedNs) {
        double writeNs = writes == 0 ? 0 : (double) busyNs / writes;
        double now = Math.min(1, frames * writeNs / elapsedNs);
        demand = elapsedNs > 4 * PERIOD_NS ? now : (demand + now) / 2; // after a silence the old value says nothing
        frames = 0;
        writes = 0;
        busyNs = 0;
    }

    /// From 0, the loop has time, to 1, it would not keep up.
    double pressure() {
        return Math.clamp((demand - AT_EASE) / (BUSY - AT_EASE), 0, 1);
    }
}
