package dev.sluice.segments;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static dev.sluice.segments.SegmentRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// A stream whose publisher was lost and may come back.
final class WaitingStreamTest {
    /// Where the timeline of a stream begins.
    private static final long START_MS = 100;

    private final SegmentRig rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);

    @Test
    void whatIsThereIsASegmentAtOnce() {
        rig.both(0, 6_520, 2_000);
        assertThat(rig.all()).hasSize(3);
        rig.lost();
        var last = rig.all().getLast();
        assertThat(last.gap()).isFalse();
        assertThat(rig.sentMs(last, VIDEO)).startsWith(6_000L).endsWith(6_480L);
        assertThat(rig.sentMs(last, AUDIO).getLast()).isBetween(6_480L, 6_519L);
        assertThat(endMs(last)).isCloseTo(START_MS + 6_520, within(22));
        assertThat(rig.fragment(last, AUDIO).durations()).containsOnly(1024);
    }

    @Test
    void eachTargetDurationOfRealTimeIsAGap() {
        rig.both(0, 6_520, 2_000);
        rig.lost();
        int before = rig.all().size();
        rig.loop.advanceMs(1_950);
        assertThat(rig.all()).hasSize(before);
        rig.loop.advanceMs(100);
        assertThat(rig.all()).hasSize(before + 1);
        rig.loop.advanceMs(18_000);
        var gaps = rig.all().subList(before, rig.all().size());
        assertThat(gaps).hasSize(10).allMatch(Segment::gap).allMatch(gap -> gap.durationNs() == 2_000 * MS);
        assertThat(gaps).allMatch(gap -> gap.tracks().isEmpty() && !gap.discontinuity() && gap.independent());
        assertAddsUp();
    }

    /// The network was silent for a while before the publisher was given up.
    @Test
    void theTimeBeforeAnybodyNoticedIsFilledAtOnce() {
        rig.both(0, 6_000, 2_000);
        int before = rig.all().size();
        rig.loop.advanceMs(15_000);
        assertThat(rig.all()).hasSize(before);
        rig.lost();
        assertThat(rig.all().subList(before + 1, rig.all().size())).hasSize(7).allMatch(Segment::gap);
        assertAddsUp();
    }

    @Test
    void mediaGoesOnWhereTheTimelineIs() {
        rig.both(0, 6_520, 2_000);
        rig.lost();
        rig.loop.advanceMs(21_480);
        rig.wallClock(SegmentRig.STARTED_MS + 28_000);
        rig.both(28_000, 36_000, 2_000);
        var after = afterGap();
        assertThat(after.getFirst().startNs()).isEqualTo((START_MS + 28_000) * MS);
        assertThat(after.getFirst().wallClockMs()).isEqualTo(SegmentRig.STARTED_MS + 28_000);
        assertThat(rig.sentMs(after.getFirst(), VIDEO)).startsWith(28_000L);
        assertThat(rig.sentMs(after.getFirst(), AUDIO)).startsWith(28_010L);
        assertThat(rig.all()).noneMatch(Segment::discontinuity);
        var lastGap = rig.all().stream().filter(Segment::gap).toList().getLast();
        assertThat(lastGap.durationNs() / MS).isCloseTo(1_480L, within(22));
        assertAddsUp();
        assertThat(rig.window().targetSeconds()).isEqualTo(2);
        rig.loop.advanceMs(60_000);
        assertThat(rig.all().getLast().gap()).as("nothing waits any more").isFalse();
    }

    @Test
    void theFirstSegmentsAfterTheReturnAreShort() {
        rig.both(0, 10_000, 1_000);
        rig.lost();
        rig.loop.advanceMs(20_000);
        rig.both(30_000, 31_100, 1_000);
        assertThat(afterGap()).hasSize(1);
    }

    @Test
    void aRestTooShortToBeSeenIsLeftOut() {
        rig.both(0, 6_000, 2_000);
        rig.lost();
        rig.loop.advanceMs(6_050);
        rig.both(12_040, 16_000, 40);
        assertThat(rig.all()).filteredOn(Segment::gap).hasSize(3).allMatch(gap -> gap.durationNs() == 2_000 * MS);
    }

    @Test
    void aShortLossIsAShortGap() {
        rig.both(0, 6_000, 2_000);
        rig.lost();
        rig.loop.advanceMs(800);
        rig.both(6_800, 12_000, 400);
        assertThat(rig.all())
                .filteredOn(Segment::gap)
                .singleElement()
                .satisfies(gap -> assertThat(gap.durationNs() / MS).isCloseTo(800L, within(22)));
        assertAddsUp();
    }

    @Test
    void aNewConfigurationIsADiscontinuityAfterTheGap() {
        rig.both(0, 6_000, 2_000);
        rig.lost();
        rig.loop.advanceMs(10_000);
        rig.tracks(SegmentRig.VIDEO_LARGE, SegmentRig.AUDIO_44K);
        for (long ms = 16_000; ms < 24_000; ms += 40) {
            rig.video(SegmentRig.VIDEO_LARGE, ms, ms, ms % 2_000 == 0, 100);
            rig.audio(SegmentRig.AUDIO_44K, ms);
            rig.audio(SegmentRig.AUDIO_44K, ms + 23);
        }
        assertThat(rig.all()).filteredOn(Segment::discontinuity).singleElement().satisfies(segment -> {
            assertThat(rig.sentMs(segment, VIDEO)).startsWith(16_000L);
            assertThat(rig.sentMs(segment, AUDIO)).startsWith(16_000L);
        });
        assertAddsUp();
    }

    @Test
    void mediaGoesOnWithAKeyFrameAndTheSoundThatBelongsToIt() {
        rig.both(0, 6_000, 2_000);
        rig.lost();
        rig.loop.advanceMs(10_000);
        rig.both(16_500, 20_100, 1_000);
        var first = afterGap().getFirst();
        assertThat(rig.sentMs(first, VIDEO)).startsWith(17_000L);
        assertThat(rig.sentMs(first, AUDIO).getFirst()).isBetween(17_000L, 17_022L);
        assertAddsUp();
    }

    @Test
    void soundThatComesBackLateIsFilledInFromThePictureOn() {
        rig.both(0, 6_000, 2_000);
        rig.lost();
        rig.loop.advanceMs(10_000);
        rig.onlyVideo(16_000, 16_600, 1_000);
        rig.both(16_600, 20_100, 1_000);
        var audio = rig.fragment(afterGap().getFirst(), AUDIO);
        assertThat(audio.baseTicks()).isCloseTo((START_MS + 16_000) * 48, Offset.offset(1_024L));
        assertThat(audio.durations()).allMatch(ticks -> ticks >= 1_024 && ticks < 2_048);
        assertThat(rig.sentMs(afterGap().getFirst(), AUDIO)).startsWith(16_618L);
        assertAddsUp();
    }

    @Test
    void soundAloneGoesOnWhenThePictureStaysAway() {
        rig.both(0, 6_000, 2_000);
        rig.lost();
        rig.loop.advanceMs(10_000);
        rig.onlyAudio(16_000, 24_000);
        var first = afterGap().getFirst();
        assertThat(rig.sentMs(first, AUDIO).getFirst()).isBetween(16_000L, 16_022L);
        assertThat(first.startNs() / MS).isCloseTo(START_MS + 16_000, within(22));
        assertAddsUp();
    }

    @Test
    void aStreamOfSoundWaitsToo() {
        var sound = SegmentRig.keepingAll().publish(SegmentRig.AUDIO);
        sound.onlyAudio(0, 7_000);
        sound.lost();
        sound.loop.advanceMs(9_000);
        sound.onlyAudio(16_000, 24_000);
        assertThat(sound.all()).filteredOn(Segment::gap).hasSize(5);
        assertThat(sound.sentMs(sound.all().getLast(), AUDIO)).isNotEmpty();
        assertAddsUp(sound);
    }

    @Test
    void whoIsLostAgainBeforeHisFirstKeyFrameChangesNothing() {
        rig.both(0, 6_000, 2_000);
        rig.lost();
        rig.loop.advanceMs(10_000);
        rig.both(16_040, 16_800, 2_000);
        rig.lost();
        rig.loop.advanceMs(10_000);
        rig.both(26_800, 30_100, 100);
        assertThat(rig.sentMs(afterGap().getFirst(), VIDEO)).startsWith(26_800L);
        assertThat(rig.all())
                .filteredOn(segment -> !segment.gap())
                .allMatch(segment -> segment.tracks().size() == 2);
        assertAddsUp();
    }

    @Test
    void whoIsLostBeforeTheFirstSegmentLeavesNothing() {
        rig.audio(0);
        rig.lost();
        rig.loop.advanceMs(10_000);
        assertThat(rig.all()).isEmpty();
        rig.both(10_000, 14_000, 2_000);
        assertThat(rig.all()).isNotEmpty().noneMatch(Segment::gap);
        assertThat(rig.sentMs(rig.all().getFirst(), VIDEO)).startsWith(10_000L);
    }

    /// A picture that was to stand for five seconds stands until now.
    @Test
    void aSlideEndsNowAndNotWhenTheNextWasDue() {
        var slides = SegmentRig.keepingAll().publish(SegmentRig.VIDEO);
        slides.video(0, true);
        for (long ms = 5_000; ms <= 20_000; ms += 5_000) {
            slides.loop.advanceMs(5_000); // or its clock would jump
            slides.video(ms, true);
        }
        slides.loop.advanceMs(1_000);
        slides.lost();
        assertThat(endMs(slides.all().getLast())).isEqualTo(START_MS + 21_000);
        slides.loop.advanceMs(1_000);
        slides.video(22_000, true);
        slides.loop.advanceMs(5_000);
        slides.video(27_000, true);
        assertThat(slides.sentMs(slides.all().getLast(), VIDEO)).containsExactly(22_000L);
        assertAddsUp(slides);
    }

    @Test
    void aLongWaitCostsNoMemoryAndTheWindowSlides() {
        var small = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        small.both(0, 20_000, 2_000);
        var before = small.window();
        small.lost();
        small.loop.advanceMs(3_600_000);
        var window = small.window();
        assertThat(window.segments()).hasSize(6).allMatch(Segment::gap);
        assertThat(window.spare()).hasSize(3);
        assertThat(window.segments().getFirst().sequence())
                .isCloseTo(before.segments().getFirst().sequence() + 1_800, Offset.offset(2L));
        assertThat(small.store.usedBytes()).as("two initialisations").isLessThan(2_000);
        small.both(3_620_000, 3_626_000, 2_000);
        assertAddsUp(small);
    }

    @Test
    void anHourThatNobodyNoticedIsNoFloodOfSegments() {
        var small = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        small.both(0, 20_000, 2_000);
        small.loop.advanceMs(3_600_000);
        int before = small.windows.size();
        small.lost();
        assertThat(small.windows.size() - before).isBetween(9, 12);
        assertThat(endMs(small.window().segments().getLast())).isBetween(START_MS + 3_618_000, START_MS + 3_620_022);
    }

    @Test
    void theTracksAndTheirRatesStayWhatTheyWere() {
        var small = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        small.both(0, 20_000, 2_000);
        small.lost();
        var before = small.window().tracks();
        small.loop.advanceMs(40_000);
        assertThat(small.window().segments()).allMatch(Segment::gap);
        assertThat(small.window().tracks())
                .extracting(MediaTrack::kind, MediaTrack::framesPerSecond, MediaTrack::peakBitsPerSecond)
                .containsExactlyElementsOf(before.stream()
                        .map(track -> org.assertj.core.groups.Tuple.tuple(
                                track.kind(), track.framesPerSecond(), track.peakBitsPerSecond()))
                        .toList());
        assertThat(small.window().tracks()).allMatch(track -> track.averageBitsPerSecond() > 0);
        small.window()
                .tracks()
                .forEach(track -> assertThat(small.window().inits())
                        .anyMatch(init -> init.track().equals(track.track())));
    }

    @Test
    void whenNobodyReturnsTheStreamEndsAndNoTimerStays() {
        rig.both(0, 6_520, 2_000);
        rig.lost();
        rig.loop.advanceMs(5_000);
        int before = rig.all().size();
        rig.end();
        assertThat(rig.window().ended()).isTrue();
        rig.loop.advanceMs(50_000);
        assertThat(rig.all()).hasSize(before);
        rig.loop.advanceMs(20_000);
        assertThat(rig.loop.timers()).isZero();
        assertThat(rig.store.usedBytes()).isZero();
    }

    private List<Segment> afterGap() {
        return rig.all().reversed().stream()
                .takeWhile(segment -> !segment.gap())
                .toList()
                .reversed();
    }

    private void assertAddsUp() {
        assertAddsUp(rig);
    }

    /// The durations say where each segment begins, to one frame of sound.
    private static void assertAddsUp(SegmentRig rig) {
        var all = rig.all();
        long atNs = all.getFirst().startNs();
        for (var segment : all) {
            assertThat(segment.startNs() - atNs).as("%s", segment).isBetween(-22 * MS, 22 * MS);
            for (var track : segment.tracks().values()) {
                assertThat(track.startNs() - atNs).as("%s", track).isBetween(-22 * MS, 22 * MS);
            }
            assertThat(segment.wallClockMs() - SegmentRig.STARTED_MS).isLessThanOrEqualTo(segment.startNs() / MS);
            atNs = segment.startNs() + segment.durationNs();
        }
    }

    private static long endMs(Segment segment) {
        return (segment.startNs() + segment.durationNs()) / MS;
    }

    private static Offset<Long> within(long ms) {
        return Offset.offset(ms);
    }
}
