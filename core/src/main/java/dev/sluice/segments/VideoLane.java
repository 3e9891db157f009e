package dev.sluice.segments;

import dev.sluice.media.Frame;
import dev.sluice.media.Track;
import dev.sluice.media.mp4.CmafMuxer;
import dev.sluice.media.mp4.Ticks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The leading video track. It begins with a key frame, and begins again with one whenever its decoder lost what
/// frames between would refer to.
final class VideoLane extends Lane {
    /// A thirtieth of a second, for a frame that neither a frame before nor one after can tell the duration of.
    private static final int USUAL_FRAMES_PER_SECOND = 30;

    private boolean awaitsKey = true;
    private @Nullable TimedSample lastKey;

    VideoLane(Track track) {
        super(track);
    }

    /// Frames were lost: the next that can be used is a key frame.
    void lost() {
        awaitsKey = true;
    }

    @Override
    @Nullable
    TimedSample place(Frame frame, long floorTicks) {
        awaitsKey |= changesWith(frame);
        if (awaitsKey && !frame.isVideoKey()) {
            return null;
        }
        awaitsKey = false;
        int timescale = CmafMuxer.timescale(frame.track());
        long startTicks = Math.max(floorTicks, Ticks.ofNs(frame.dtsNs(), timescale));
        long offsetTicks = Ticks.ofNs(frame.ptsNs(), timescale) - startTicks;
        var sample = new TimedSample(
                frame.track(),
                startTicks,
                Ticks.toNs(startTicks, timescale),
                Math.clamp(offsetTicks, Integer.MIN_VALUE, Integer.MAX_VALUE),
                frame.isVideoKey(),
                frame.payload());
        if (sample.key()) {
            lastKey = sample;
        }
        return sample;
    }

    /// A picture lasts until the next, however long that is.
    @Override
    long holeTicks(@Nullable TimedSample before, TimedSample next) {
        return NONE;
    }

    /// One picture that stands still; none where the last frame can simply last longer.
    @Override
    List<TimedSample> filler(Track as, long fromTicks, long toTicks) {
        var key = lastKey;
        if (key == null || fromTicks >= toTicks || !key.track().config().equals(as.config())) {
            return List.of();
        }
        long startNs = Ticks.toNs(fromTicks, CmafMuxer.timescale(as));
        return List.of(new TimedSample(as, fromTicks, startNs, key.compositionTicks(), true, key.payload()));
    }

    /// The last frame is seen until the segment ends.
    @Override
    long lastEndTicks(List<TimedSample> samples, long untilTicks) {
        var last = samples.getLast();
        if (untilTicks > last.startTicks()) {
            return untilTicks;
        }
        int count = samples.size();
        long usual = count > 1
                ? last.startTicks() - samples.get(count - 2).startTicks()
                : CmafMuxer.timescale(last.track()) / USUAL_FRAMES_PER_SECOND;
        return last.startTicks() + usual;
    }

    @Override
    void onHole() {
        awaitsKey = true;
    }
}
