package dev.sluice.segments;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.ManualLoop;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever a publisher sends, what waits for a lagging track costs a known amount of memory.
final class WaitingBytesTest {
    private static final int MIB = 1 << 20;
    private static final Payload LARGE = Payload.of(new byte[MIB]);
    private static final Payload TINY = Payload.of(new byte[1]);
    private static final SegmentSettings SETTINGS =
            new SegmentSettings(true, true, 60_000, 2_000, 3, 0, 12_000, 2 * MIB, 64 * MIB, 60_000);
    /// Long term prediction: nothing of ours can stand in for such a frame.
    private static final Track AUDIO_WITHOUT_FILLER = SegmentRig.aac("2190");

    private final List<Segment> made = new ArrayList<>();
    private final SegmentWindow window =
            new SegmentWindow(SegmentRig.NAME, SETTINGS, new MemorySegmentStore(64 * MIB), () -> 0, 1, now -> {
                if (!now.segments().isEmpty() && !made.contains(now.segments().getLast())) {
                    made.add(now.segments().getLast());
                }
            });
    private final Segmenter segmenter = new Segmenter(SETTINGS, window, new ManualLoop());
    private long mostWaitingBytes;

    @Test
    void closesSegmentsWhenAFewLargePicturesComeBeforeTheNextSound() {
        announce(SegmentRig.VIDEO, SegmentRig.AUDIO);
        frame(SegmentRig.AUDIO, 0, TINY);
        for (int ms = 0; ms < 200; ms++) {
            frame(SegmentRig.VIDEO, ms, LARGE);
        }
        assertBounded();
        assertThat(made.stream().mapToInt(segment -> frames(segment, VIDEO)).sum())
                .isBetween(195, 200);
        assertThat(made).allMatch(segment -> segment.track(VIDEO).orElseThrow().bytes() < 5 * MIB);
    }

    @Test
    void takesSoundInAgainThatWasNotWaitedFor() {
        announce(SegmentRig.VIDEO, SegmentRig.AUDIO);
        frame(SegmentRig.AUDIO, 0, TINY);
        for (int ms = 0; ms < 50; ms++) {
            frame(SegmentRig.VIDEO, ms, LARGE);
        }
        int before = made.size();
        for (int ms = 80; ms < 6_000; ms += 20) {
            frame(SegmentRig.VIDEO, ms, TINY);
            frame(SegmentRig.AUDIO, ms, TINY);
        }
        var later = made.subList(before + 1, made.size());
        assertThat(later).isNotEmpty().allMatch(segment -> segment.track(AUDIO).isPresent());
        assertBounded();
    }

    @Test
    void doesNotWaitForAPictureWhileLargeSoundsCome() {
        announce(SegmentRig.VIDEO, SegmentRig.AUDIO);
        for (int ms = 0; ms < 200; ms++) {
            frame(SegmentRig.AUDIO, ms, LARGE);
        }
        assertBounded();
        assertThat(made.stream().mapToInt(segment -> frames(segment, AUDIO)).sum())
                .isGreaterThan(190);
    }

    @Test
    void boundsATrackThatCatchesUpInTinySteps() {
        announce(SegmentRig.VIDEO, SegmentRig.AUDIO);
        for (int ms = 0; ms < 1_400; ms += 40) {
            frame(SegmentRig.VIDEO, ms, TINY);
        }
        for (int ms = 0; ms < 200; ms++) {
            frame(SegmentRig.AUDIO, ms, LARGE);
        }
        assertBounded();
    }

    @Test
    void boundsATrackThatRunsAheadWhileTheOtherIsNeverSilent() {
        announce(SegmentRig.VIDEO, SegmentRig.AUDIO);
        for (int i = 0; i < 200; i++) {
            frame(SegmentRig.VIDEO, i, TINY);
            frame(SegmentRig.AUDIO, 499 * i, LARGE);
        }
        assertBounded();
    }

    @Test
    void boundsATrackThatComesAfterItsSegmentsAreClosed() {
        announce(SegmentRig.VIDEO, AUDIO_WITHOUT_FILLER);
        for (int ms = 0; ms < 20_000; ms += 40) {
            frame(SegmentRig.VIDEO, ms, TINY);
        }
        for (int ms = 0; ms < 200; ms++) {
            frame(AUDIO_WITHOUT_FILLER, ms, LARGE);
        }
        assertBounded();
    }

    @Test
    void boundsALateTrackThatChangesItsConfigurationAllTheTime() {
        announce(SegmentRig.VIDEO, SegmentRig.AUDIO);
        for (int ms = 0; ms < 1_400; ms += 40) {
            frame(SegmentRig.VIDEO, ms, TINY);
        }
        for (int ms = 0; ms < 600; ms++) {
            frame(ms % 2 == 0 ? SegmentRig.AUDIO : SegmentRig.AUDIO_44K, ms, ms < 300 ? TINY : LARGE);
        }
        assertBounded();
    }

    @Test
    void countsWhatTinyFramesReallyCost() {
        announce(SegmentRig.VIDEO, SegmentRig.AUDIO);
        frame(SegmentRig.AUDIO, 0, TINY);
        for (int i = 0; i < 100_000; i++) {
            long ns = i * 12_000L; // a tick or so apart
            accept(new Frame(SegmentRig.VIDEO, ns, ns, FrameKind.KEY, TINY));
        }
        assertBounded();
    }

    private void announce(Track... tracks) {
        segmenter.accept(new TracksChanged(0, List.of(tracks), 1));
    }

    private void frame(Track track, long ms, Payload payload) {
        accept(new Frame(track, ms * SegmentRig.MS, ms * SegmentRig.MS, FrameKind.KEY, payload));
    }

    private void accept(Frame frame) {
        segmenter.accept(frame);
        mostWaitingBytes = Math.max(mostWaitingBytes, segmenter.waitingBytes());
    }

    /// The bound, and the newest frame of each track beyond it.
    private void assertBounded() {
        assertThat(mostWaitingBytes).isPositive().isLessThan(Segmenter.waitingMaxBytes(SETTINGS) + 2 * (MIB + 1_024));
    }

    private static int frames(Segment segment, dev.sluice.media.TrackKind kind) {
        return segment.track(kind).map(TrackSegment::frames).orElse(0);
    }
}
