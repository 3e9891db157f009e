package dev.sluice.segments;

import dev.sluice.media.mp4.Ticks;

/// Puts audio frames one frame length apart. Publishers send their times in whole milliseconds, often rounded and
/// sometimes two frames at a time, but an audio frame always lasts the same number of samples, and players hear
/// it when frames overlap or leave a hole.
///
/// A frame takes the place after the one before as long as its own time agrees: no more than half a frame later
/// (else something was lost) and no more than a whole frame earlier (the second frame of a pair). Otherwise the
/// grid starts anew at the frame's own time, so it never drifts away from the video by more than that.
final class AudioGrid {
    private static final long NONE = Long.MIN_VALUE;

    private final int timescale;
    private long nextTicks = NONE;

    AudioGrid(int timescale) {
        this.timescale = timescale;
    }

    /// Whether its ticks are of this timescale.
    boolean counts(int ticksPerSecond) {
        return timescale == ticksPerSecond;
    }

    /// The start of the next frame in ticks; always later than the one before.
    ///
    /// @param frameSamples how long the frame is
    long place(long dtsNs, int frameSamples) {
        long ownTicks = Ticks.ofNs(dtsNs, timescale);
        long startTicks = ownTicks;
        if (nextTicks != NONE) {
            long lateTicks = ownTicks - nextTicks;
            boolean agrees = lateTicks >= -frameSamples && lateTicks <= frameSamples / 2;
            startTicks = agrees ? nextTicks : Math.max(ownTicks, nextTicks - frameSamples + 1);
        }
        nextTicks = startTicks + frameSamples;
        return startTicks;
    }
}
