package dev.sluice.segments;

import static dev.sluice.media.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Streams are cut while somebody asks for segments.
final class SegmentsOnDemandTest {
    private static final int IDLE_MS = 30_000;
    private static final SegmentSettings SETTINGS =
            new SegmentSettings(true, false, IDLE_MS, 2_000, 6, 3, 12_000, 16 << 20, 0, 60_000);

    private final SegmentRig rig = new SegmentRig(SETTINGS).publish(SegmentRig.VIDEO);
    private long nextMs;

    /// As time passes: 25 frames per second, a key frame every second.
    private void play(long ms) {
        for (long end = nextMs + ms; nextMs < end; nextMs += 40) {
            rig.video(nextMs, nextMs % 1_000 == 0);
            rig.loop.advanceMs(40);
            rig.wallClock(SegmentRig.STARTED_MS + nextMs + 40);
        }
    }

    private LiveWindow want() {
        rig.segments.want(SegmentRig.NAME);
        rig.loop.advanceMs(0);
        return rig.window();
    }

    @Test
    void nothingIsCutUntilSomebodyAsks() {
        play(20_000);
        assertThat(rig.windows).isEmpty();
        assertThat(rig.window().segments()).isEmpty();
        assertThat(rig.store.usedBytes()).isZero();
    }

    @Test
    void whoAsksFirstGetsWhatTheLogStillHas() {
        play(20_000);

        var first = want();

        assertThat(first.segments()).isNotEmpty();
        assertThat(first.segments().getFirst().independent()).isTrue();
        var newest = first.segments().getLast();
        assertThat((newest.startNs() + newest.durationNs()) / SegmentRig.MS).isBetween(nextMs - 3_000, nextMs);
    }

    @Test
    void theWallClockIsThatOfWhenTheFramesCame() {
        play(20_000);
        assertThat(want().segments()).allSatisfy(segment -> {
            long sentMs = rig.sentMs(segment, VIDEO).getFirst();
            assertThat(segment.wallClockMs() - SegmentRig.STARTED_MS).isBetween(sentMs - 40, sentMs + 40);
        });
    }

    @Test
    void cuttingGoesOnWhileSomebodyAsks() {
        want();
        for (int i = 0; i < 30; i++) {
            play(4_000);
            want();
        }
        var numbers = rig.all().stream().map(Segment::sequence).toList();
        assertThat(numbers).hasSizeGreaterThan(55);
        assertThat(numbers.getLast() - numbers.getFirst()).isEqualTo(numbers.size() - 1L);
    }

    @Test
    void cuttingStopsWhenNobodyAsksAndFreesEverything() {
        want();
        play(10_000);
        assertThat(rig.store.usedBytes()).isPositive();

        play(IDLE_MS);

        assertThat(rig.store.usedBytes()).isZero();
        assertThat(rig.window().segments()).isEmpty();
        int told = rig.windows.size();
        play(10_000);
        assertThat(rig.windows).hasSize(told);
    }

    @Test
    void whoAsksAgainGetsNewNumbersForLaterTimes() {
        want();
        play(10_000 + IDLE_MS);
        var old = rig.all();
        rig.windows.clear();

        want();
        play(4_000);

        var again = rig.all();
        assertThat(again.getFirst().sequence()).isGreaterThan(old.getLast().sequence());
        assertThat(again.getFirst().startNs())
                .as("what came while it slept is cut once")
                .isGreaterThan(old.getLast().startNs());
        assertThat(again.getLast().track(VIDEO)).isPresent();
    }

    @Test
    void aStreamThatNobodyAskedForLeavesNothingBehind() {
        play(5_000);
        rig.end();
        assertThat(rig.window().segments()).isEmpty();
        rig.loop.advanceMs(61_000);
        assertThat(rig.segments.of(SegmentRig.NAME)).isEmpty();
    }

    @Test
    void whoAsksForAStreamThatEndedStartsNothing() {
        play(5_000);
        rig.end();
        want();
        assertThat(rig.store.usedBytes()).isZero();
    }
}
