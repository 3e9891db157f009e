package dev.sluice.segments;

import dev.sluice.hub.Loop;

/// Fills the time in which nobody publishes with segments that have no files, one per target duration, so that
/// playlists stay alive and their durations add up to the times of the media. The timeline goes on with real
/// time from the newest frame, so what passed before anybody noticed is filled in at once. Owned by the home
/// loop.
final class GapFiller {
    private static final long MS = 1_000_000L;
    private static final Loop.Cancellable NONE = () -> {};
    /// A shorter rest of a gap is left out.
    private static final long MIN_GAP_NS = 100 * MS;

    private final SegmentWindow window;
    private final Loop loop;
    private final long stepNs;
    private final long keptSegments;

    private long newestNs;
    private long heardAtNs;
    private boolean open;
    /// Up to here is filled.
    private long filledNs;
    private Loop.Cancellable alarm = NONE;

    GapFiller(SegmentSettings settings, SegmentWindow window, Loop loop) {
        this.window = window;
        this.loop = loop;
        this.stepNs = settings.segmentMs() * MS;
        this.keptSegments = (long) settings.windowSegments() + settings.spareSegments();
        this.heardAtNs = loop.nowNs();
    }

    /// A frame of this decode time arrived, at this time of the loop's clock.
    void heard(long dtsNs, long cameNs) {
        newestNs = Math.max(newestNs, dtsNs);
        heardAtNs = Math.min(cameNs, loop.nowNs());
    }

    /// How long ago the newest frame came: not at all, unless the stream is cut later than it came.
    long heardAgoNs() {
        return loop.nowNs() - heardAtNs;
    }

    /// Now, on the timeline.
    long nowNs() {
        return newestNs + (loop.nowNs() - heardAtNs);
    }

    /// From [#begin] until [#end].
    boolean isOpen() {
        return open;
    }

    /// The last segment ended here.
    void begin(long fromNs) {
        open = true;
        filledNs = fromNs;
        goOn();
    }

    /// Fills from now on as time passes.
    void goOn() {
        alarm.cancel();
        fillUntil(nowNs());
        alarm = loop.after(Math.max(0, Math.ceilDiv(filledNs + stepNs - nowNs(), MS)), this::goOn);
    }

    /// A frame came: [#end] follows, or again [#goOn].
    void hold() {
        alarm.cancel();
        alarm = NONE;
    }

    /// The next segment begins here.
    void end(long atNs) {
        hold();
        fillUntil(atNs);
        if (atNs - filledNs >= MIN_GAP_NS) {
            window.addGap(filledNs, atNs);
        }
        open = false;
    }

    /// Not more segments than are kept, however long ago the gap began.
    private void fillUntil(long untilNs) {
        filledNs = Math.max(filledNs, untilNs - (keptSegments + 1) * stepNs);
        for (; untilNs - filledNs >= stepNs; filledNs += stepNs) {
            window.addGap(filledNs, filledNs + stepNs);
        }
    }
}
