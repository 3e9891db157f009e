package dev.sluice.segments;

import dev.sluice.media.Frame;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.mp4.CmafMuxer;
import dev.sluice.media.mp4.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The leading audio track.
final class AudioLane extends Lane {
    /// A hole this long is filled with silence; a shorter one is bridged by the frame before.
    private static final int HOLE_FRAMES = 3;
    /// At most so many frames of silence at once. The longest hole is a segment of two minutes, the longest that can
    /// be set, and a gap of ten seconds behind it; the shortest frame is 480 samples at 96 kHz.
    static final int MAX_FILLER_FRAMES = (120 + 10) * 96_000 / 480;

    private AudioGrid grid;

    AudioLane(Track track) {
        super(track);
        grid = gridOf(track);
    }

    @Override
    TimedSample place(Frame frame, long floorTicks) {
        if (changesWith(frame)) {
            grid = gridOf(frame.track());
        }
        long startTicks = Math.max(floorTicks, grid.place(frame.dtsNs()));
        return sample(frame.track(), startTicks, frame.payload());
    }

    /// An audio frame cannot last longer: players lose the lips over holes that nothing fills.
    @Override
    long holeTicks(@Nullable TimedSample before, TimedSample next) {
        if (before == null || !before.sameConfig(next)) {
            return NONE;
        }
        long endTicks = before.startTicks() + frameSamples(before.track());
        return next.startTicks() - endTicks >= (long) HOLE_FRAMES * frameSamples(before.track()) ? endTicks : NONE;
    }

    @Override
    List<TimedSample> filler(Track as, long fromTicks, long toTicks) {
        Optional<Payload> silence = as.config() instanceof AacConfig aac ? SilentAac.frame(aac) : Optional.empty();
        if (silence.isEmpty()) {
            return List.of();
        }
        int frameTicks = frameSamples(as);
        var frames = new ArrayList<TimedSample>();
        for (long at = fromTicks; at + frameTicks <= toTicks && frames.size() < MAX_FILLER_FRAMES; at += frameTicks) {
            frames.add(sample(as, at, silence.get()));
        }
        return frames;
    }

    @Override
    long lastEndTicks(List<TimedSample> samples, long untilTicks) {
        var last = samples.getLast();
        return last.startTicks() + frameSamples(last.track());
    }

    @Override
    void onHole() {
        // any frame can follow silence
    }

    private static TimedSample sample(Track track, long startTicks, Payload payload) {
        long startNs = Ticks.toNs(startTicks, CmafMuxer.timescale(track));
        return new TimedSample(track, startTicks, startNs, 0, true, payload);
    }

    private static AudioGrid gridOf(Track track) {
        return new AudioGrid(CmafMuxer.timescale(track), frameSamples(track));
    }

    private static int frameSamples(Track track) {
        return track.config() instanceof AacConfig aac ? aac.frameSamples() : 1024;
    }
}
