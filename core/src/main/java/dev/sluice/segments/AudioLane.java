package dev.sluice.segments;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.opus.OpusConfig;
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

    private static final int SAMPLES_UNLESS_KNOWN = 1024;
    /// 20 ms at full bandwidth in which nothing is coded. RFC 6716 §3.1
    private static final Payload SILENT_OPUS_MONO = Payload.of(new byte[] {(byte) 0xf8, (byte) 0xff, (byte) 0xfe});

    private static final Payload SILENT_OPUS_STEREO = Payload.of(new byte[] {(byte) 0xfc, (byte) 0xff, (byte) 0xfe});

    private AudioGrid grid;

    AudioLane(Track track) {
        super(track);
        grid = gridOf(track);
    }

    @Override
    TimedSample place(Frame frame, long floorTicks) {
        if (changesWith(frame) || !grid.counts(CmafMuxer.timescale(frame.track()))) {
            grid = gridOf(frame.track());
        }
        int samples = samplesIn(frame.track(), frame.payload());
        long startTicks = Math.max(floorTicks, grid.place(frame.dtsNs(), samples));
        return sample(frame.track(), startTicks, frame.payload());
    }

    /// An audio frame cannot last longer: players lose the lips over holes that nothing fills.
    @Override
    long holeTicks(@Nullable TimedSample before, TimedSample next) {
        if (before == null || !before.sameConfig(next)) {
            return NONE;
        }
        int samples = samplesIn(before.track(), before.payload());
        long endTicks = before.startTicks() + samples;
        return next.startTicks() - endTicks >= (long) HOLE_FRAMES * samples ? endTicks : NONE;
    }

    @Override
    List<TimedSample> filler(Track as, long fromTicks, long toTicks) {
        var silence = silence(as);
        if (silence.isEmpty()) {
            return List.of();
        }
        int frameTicks = samplesIn(as, silence.get());
        var frames = new ArrayList<TimedSample>();
        for (long at = fromTicks; at + frameTicks <= toTicks && frames.size() < MAX_FILLER_FRAMES; at += frameTicks) {
            frames.add(sample(as, at, silence.get()));
        }
        return frames;
    }

    @Override
    long lastEndTicks(List<TimedSample> samples, long untilTicks) {
        var last = samples.getLast();
        return last.startTicks() + samplesIn(last.track(), last.payload());
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
        return new AudioGrid(CmafMuxer.timescale(track));
    }

    private static int samplesIn(Track track, Payload payload) {
        int samples = track.config() instanceof AudioConfig audio ? audio.samplesIn(payload) : 0;
        return samples > 0 ? samples : SAMPLES_UNLESS_KNOWN;
    }

    /// A frame that sounds like nothing, where one is known. Codecs without one leave a hole.
    private static Optional<Payload> silence(Track track) {
        return switch (track.config()) {
            case AacConfig aac -> SilentAac.frame(aac);
            case OpusConfig opus
            when opus.mappingFamily() == 0 -> Optional.of(opus.channels() == 1 ? SILENT_OPUS_MONO : SILENT_OPUS_STEREO);
            default -> Optional.empty();
        };
    }
}
