package dev.sluice.segments;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static dev.sluice.segments.SegmentRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Where streams are cut, and that both tracks of a segment say the same.
final class SegmenterTest {
    @Test
    void cutsVideoAtTheFirstKeyFrameAtOrAfterTheTarget() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 11_000, 1_200);
        assertThat(rig.durationsMs(VIDEO)).containsExactly(1_200L, 1_200L, 1_200L, 2_400L, 2_400L, 2_400L);
        assertThat(rig.window().segments()).allMatch(Segment::independent);
        rig.window().segments().forEach(segment -> {
            var samples = rig.fragment(segment, VIDEO).samples();
            assertThat(samples.getFirst().key()).isTrue();
        });
    }

    @Test
    void takesAGopThatRoundingMadeAMillisecondShorter() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        for (long ms : List.of(0, 1_000, 2_000, 3_000, 4_000, 4_999, 6_000, 6_998)) {
            rig.video(ms, true);
            rig.loop.advanceMs(1_000);
        }
        assertThat(rig.durationsMs(VIDEO)).containsExactly(1_000L, 1_000L, 1_000L, 1_999L, 1_999L);
    }

    @Test
    void makesTheFirstSegmentsShortSoThatTheFirstViewerWaitsLess() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 1_100, 1_000);
        assertThat(rig.window().segments()).hasSize(1);
        rig.both(1_100, 9_500, 1_000);
        assertThat(rig.durationsMs(VIDEO)).containsExactly(1_000L, 1_000L, 1_000L, 2_000L, 2_000L, 2_000L);
    }

    @Test
    void givesAudioFramesTheirExactLengthAlthoughTimesAreInMilliseconds() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 60_000, 2_000);
        long expectedTicks = -1;
        for (var segment : rig.window().segments()) {
            var fragment = rig.fragment(segment, AUDIO);
            assertThat(fragment.durations()).containsOnly(1024);
            assertThat(expectedTicks).isIn(-1L, fragment.baseTicks());
            expectedTicks = fragment.baseTicks() + fragment.durationTicks();
        }
    }

    @Test
    void putsEachFrameIntoTheSegmentOfItsTime() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 30_000, 2_000);
        for (var segment : rig.window().segments()) {
            long fromMs = rig.sentMs(segment, VIDEO).getFirst();
            assertThat(rig.sentMs(segment, VIDEO)).allMatch(ms -> ms >= fromMs && ms < fromMs + 2_000);
            assertThat(rig.sentMs(segment, AUDIO)).allMatch(ms -> ms >= fromMs - 1 && ms < fromMs + 2_000);
        }
    }

    @Test
    void cutsALongGopByTimeAndSaysThatSuchASegmentIsNotIndependent() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 61_000, 30_000);
        assertThat(rig.durationsMs(VIDEO)).containsExactly(12_000L, 12_000L, 6_000L, 12_000L, 12_000L, 6_000L);
        assertThat(rig.window().segments())
                .extracting(Segment::independent)
                .containsExactly(true, false, false, true, false, false);
        assertThat(rig.window().targetSeconds()).isEqualTo(12);
        assertThat(rig.window().independent()).isFalse();
    }

    @Test
    void cutsALongGopByBytesAndStaysWithinTheBudget() {
        long budget = 2_000_000;
        var rig = new SegmentRig(new SegmentSettings(true, true, 60_000, 2_000, 6, 3, 12_000, 500_000, budget, 60_000))
                .publish(SegmentRig.VIDEO);
        for (long ms = 0; ms < 120_000; ms += 40) {
            rig.video(SegmentRig.VIDEO, ms, ms, ms % 30_000 == 0, 10_000); // 2 Mbit/s
            assertThat(rig.store.usedBytes()).isLessThan(budget + 520_000);
        }
        assertThat(rig.store.full()).isFalse();
        assertThat(rig.window().segments()).hasSizeBetween(3, 4);
        assertThat(rig.all())
                .allSatisfy(segment ->
                        assertThat(segment.track(VIDEO).orElseThrow().bytes()).isLessThan(520_000));
    }

    @Test
    void keepsFramesInOrderWithBFrames() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        long[] ptsOffsets = {80, 160, 40, 0, 40}; // key, then a pyramid
        for (int i = 0; i < 400; i++) {
            long ms = i * 40L;
            rig.video(SegmentRig.VIDEO, ms, ms + ptsOffsets[i % 5], i % 50 == 0, 50);
        }
        var fragment = rig.fragment(rig.window().segments().getFirst(), VIDEO);
        assertThat(fragment.samples().subList(0, 5))
                .extracting(Fragment.Sample::compositionTicks)
                .containsExactly(7_200, 14_400, 3_600, 0, 3_600);
        assertThat(fragment.durations()).containsOnly(3_600);
    }

    @Test
    void decodesEarlierWhatWouldBeShownBeforeItIsDecoded() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.video(0, true);
        rig.video(SegmentRig.VIDEO, 80, 40, false, 50);
        rig.loop.advanceMs(1_920);
        rig.video(2_000, true);
        var samples = rig.fragment(rig.window().segments().getFirst(), VIDEO).samples();
        assertThat(samples.get(0).durationTicks()).isEqualTo(3_600);
        assertThat(samples.get(1).compositionTicks()).isZero();
    }

    @Test
    void playsAudioAlone() {
        var rig = new SegmentRig().publish(SegmentRig.AUDIO);
        rig.onlyAudio(0, 30_000);
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(AUDIO);
        assertThat(rig.window().segments()).hasSize(6).allMatch(Segment::independent);
        assertThat(rig.durationsMs(AUDIO)).allMatch(ms -> ms >= 1_990 && ms <= 2_030);
        assertThat(rig.window().targetSeconds()).isEqualTo(2);
    }

    @Test
    void playsVideoAlone() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 30_000, 2_000);
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(VIDEO);
        assertThat(rig.durationsMs(VIDEO)).containsOnly(2_000L);
    }

    @Test
    void leavesOutWhatComesBeforeTheFirstKeyFrame() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(500, 5_100, 1_000);
        var first = rig.all().getFirst();
        assertThat(rig.sentMs(first, VIDEO).getFirst()).isEqualTo(1_000);
        assertThat(rig.sentMs(first, AUDIO).getFirst()).isBetween(750L, 800L);
    }

    @Test
    void endsWithWhatIsLeft() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 4_520, 2_000);
        rig.end();
        assertThat(rig.window().ended()).isTrue();
        assertThat(rig.durationsMs(VIDEO)).containsExactly(2_000L, 2_000L, 520L);
        assertThat(rig.sentMs(rig.window().segments().getLast(), AUDIO).getLast())
                .isBetween(4_490L, 4_519L);
    }

    @Test
    void makesNoLongSegmentWhenTheClockJumps() {
        for (long jump : new long[] {20_000, 3_600_000, 1L << 31, -4_000, -3_600_000}) {
            long jumpMs = jump / 2_000 * 2_000 + 4_000_000;
            var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
            rig.both(4_000_000, 4_010_000, 2_000);
            rig.both(10_000 + jumpMs, 20_000 + jumpMs, 2_000);
            assertThat(rig.window().targetSeconds()).isEqualTo(2);
            assertThat(rig.durationsMs(VIDEO)).allMatch(ms -> ms <= 2_100);
            assertThat(rig.all()).hasSize(9).noneMatch(Segment::discontinuity);
            assertContinuous(rig);
        }
    }

    @Test
    void coversAGapByAPictureThatStandsStillAndSilence() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 5_000, 2_000);
        rig.loop.advanceMs(7_000); // or it would be a jump of the clock, which makes no gap
        rig.both(12_000, 20_000, 2_000);
        assertContinuous(rig);
        assertThat(rig.durationsMs(VIDEO).stream().mapToLong(Long::longValue).sum())
                .isEqualTo(18_000);
        assertThat(rig.window().targetSeconds()).isEqualTo(8);
        rig.all()
                .forEach(segment -> assertThat(rig.fragment(segment, AUDIO).durations())
                        .allMatch(ticks -> ticks >= 1024 && ticks < 2048));
    }

    @Test
    void measuresTheRates() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        for (long ms = 0; ms < 20_040; ms += 40) {
            rig.video(SegmentRig.VIDEO, ms, ms, ms % 2_000 == 0, ms < 10_000 ? 2_000 : 1_000);
        }
        var track = rig.window().track(VIDEO).orElseThrow();
        assertThat(track.framesPerSecond()).isEqualTo(25);
        assertThat(track.averageBitsPerSecond()).isBetween(230_000L, 280_000L);
        assertThat(track.peakBitsPerSecond()).isBetween(400_000L, 410_000L);
    }

    @Test
    void saysWhenASegmentWasReceived() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.wallClock(SegmentRig.STARTED_MS + 700);
        rig.both(40_000, 50_000, 2_000);
        var second = rig.all().get(1);
        assertThat(second.wallClockMs()).isEqualTo(SegmentRig.STARTED_MS + 700 + 2_000);
        var audio = second.track(AUDIO).orElseThrow();
        assertThat(second.wallClockMs(audio)).isBetween(second.wallClockMs(), second.wallClockMs() + 22);
    }

    /// Each track goes on in each segment exactly where it ended in the one before.
    static void assertContinuous(SegmentRig rig) {
        for (var kind : List.of(VIDEO, AUDIO)) {
            long endNs = -1;
            for (var segment : rig.all()) {
                var track = segment.track(kind).orElseThrow();
                assertThat(endNs).isIn(-1L, track.startNs());
                endNs = track.endNs();
            }
        }
        assertThat(rig.all().getFirst().startNs()).isEqualTo(100 * MS);
    }
}
