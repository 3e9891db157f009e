package dev.sluice.segments;

import dev.sluice.media.TrackKind;
import dev.sluice.media.VideoConfig;
import java.util.List;

/// Measures a track under one configuration. Owned by the home loop.
final class TrackMeter {
    private static final double MAX_DECLARED_FRAMES_PER_SECOND = 300;

    private final InitSegment init;
    /// Of the worst segment so far: what was promised to a player must hold later.
    private long peakBitsPerSecond;
    /// What the last segments that had media said.
    private double framesPerSecond;

    private long averageBitsPerSecond;

    TrackMeter(InitSegment init) {
        this.init = init;
    }

    InitSegment init() {
        return init;
    }

    /// Segments shorter than half a second say nothing about a rate, unless there is nothing else.
    void add(TrackSegment segment) {
        if (segment.durationNs() >= 500_000_000L || peakBitsPerSecond == 0) {
            peakBitsPerSecond = Math.max(peakBitsPerSecond, bitsPerSecond(segment.bytes(), segment.durationNs()));
        }
    }

    /// Gaps count for nothing; where there is nothing else, what was measured before holds.
    MediaTrack measure(List<Segment> segments) {
        long bytes = 0;
        long frames = 0;
        long durationNs = 0;
        for (var segment : segments) {
            var track = segment.track(init.track().kind());
            if (track.isPresent() && track.get().initId() == init.id()) {
                bytes += track.get().bytes();
                frames += track.get().frames();
                durationNs += track.get().durationNs();
            }
        }
        if (durationNs > 0) {
            averageBitsPerSecond = bitsPerSecond(bytes, durationNs);
            framesPerSecond = framesPerSecond(frames, durationNs);
        }
        return new MediaTrack(
                init.track(), framesPerSecond, Math.max(peakBitsPerSecond, averageBitsPerSecond), averageBitsPerSecond);
    }

    private double framesPerSecond(long frames, long durationNs) {
        if (init.track().kind() != TrackKind.VIDEO) {
            return 0;
        }
        double declared = init.track().config() instanceof VideoConfig video ? video.framesPerSecond() : 0;
        return declared > 0 && declared <= MAX_DECLARED_FRAMES_PER_SECOND
                ? declared
                : durationNs == 0 ? 0 : frames * 1e9 / durationNs;
    }

    private static long bitsPerSecond(long bytes, long durationNs) {
        return durationNs == 0 ? 0 : Math.round(bytes * 8e9 / durationNs);
    }
}
