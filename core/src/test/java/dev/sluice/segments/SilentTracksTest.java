package dev.sluice.segments;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A track that stops, or starts late, does not stop the other.
final class SilentTracksTest {
    @Test
    void goesOnWithSilenceWhenAudioStops() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 7_000, 2_000);
        rig.onlyVideo(7_000, 20_000, 2_000);
        assertThat(rig.window().segments().getLast().startNs() / 1_000_000).isEqualTo(16_100);
        SegmenterTest.assertContinuous(rig);
        assertThat(rig.sentMs(rig.window().segments().getLast(), AUDIO)).isEmpty();
        assertThat(rig.fragment(rig.window().segments().getLast(), AUDIO).durations())
                .containsOnly(1024);
        assertThat(rig.durationsMs(AUDIO)).allMatch(ms -> ms > 1_970 && ms < 2_030);
    }

    @Test
    void takesAudioInAgainWhenItComesBack() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 7_000, 2_000);
        rig.onlyVideo(7_000, 15_000, 2_000);
        rig.both(15_000, 24_000, 2_000);
        SegmenterTest.assertContinuous(rig);
        assertThat(rig.window().segments()).noneMatch(Segment::discontinuity);
        var sent = new ArrayList<Long>();
        rig.window().segments().forEach(segment -> sent.addAll(rig.sentMs(segment, AUDIO)));
        assertThat(sent.getLast()).isGreaterThan(21_900);
        assertThat(sent.stream().filter(ms -> ms >= 15_000).count()).isGreaterThan(320);
    }

    @Test
    void doesNotWaitForAudioThatWasAnnouncedAndNeverComes() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.onlyVideo(0, 3_000, 1_000);
        assertThat(rig.window().segments()).isNotEmpty();
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(VIDEO, AUDIO);
        rig.onlyVideo(3_000, 20_000, 1_000);
        SegmenterTest.assertContinuous(rig);
    }

    @Test
    void takesInAudioThatIsAnnouncedLate() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 5_000, 1_000);
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(VIDEO);
        rig.tracks(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(5_000, 12_000, 1_000);
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(VIDEO, AUDIO);
        assertThat(rig.all()).noneMatch(Segment::discontinuity);
        assertThat(rig.all().getLast().track(AUDIO)).isPresent();
    }

    @Test
    void doesNotWaitForVideoThatWasAnnouncedAndNeverComes() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.onlyAudio(0, 10_000);
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(AUDIO);
        assertThat(rig.window().segments()).hasSizeGreaterThan(3);
        assertThat(rig.sentMs(rig.all().getFirst(), AUDIO)).startsWith(0L);
    }

    @Test
    void takesInVideoThatComesLate() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.AUDIO);
        rig.onlyAudio(0, 6_000);
        rig.tracks(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(6_000, 16_000, 2_000);
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(VIDEO, AUDIO);
        assertThat(rig.fragment(rig.window().segments().getLast(), VIDEO)
                        .samples()
                        .getFirst()
                        .key())
                .isTrue();
    }

    @Test
    void showsTheLastKeyFrameWhileVideoIsAwayAndStartsAgainWithAKeyFrame() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 7_000, 2_000);
        rig.onlyAudio(7_000, 15_000);
        rig.both(15_000, 24_100, 2_000); // the first key frame is at 16 s
        SegmenterTest.assertContinuous(rig);
        assertThat(rig.window().segments()).allMatch(Segment::independent);
        var bySecond = new TreeMap<Long, List<Long>>();
        rig.all().forEach(segment -> bySecond.put(segment.startNs() / 1_000_000_000, rig.sentMs(segment, VIDEO)));
        assertThat(bySecond.values()).contains(List.of(6_000L)); // one picture, standing still
        assertThat(bySecond.values().stream().flatMap(List::stream))
                .noneMatch(ms -> ms >= 15_000 && ms < 16_000)
                .contains(16_000L, 16_040L);
    }

    @Test
    void doesNotTakeASlideShowForSilence() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        var sent = new ArrayList<Long>();
        for (long ms = 0; ms < 40_000; ms += 2_000) {
            rig.video(ms, ms % 4_000 == 0);
            rig.onlyAudio(ms, ms + 2_000);
        }
        rig.all().forEach(segment -> sent.addAll(rig.sentMs(segment, VIDEO)));
        assertThat(sent.subList(3, sent.size())).doesNotHaveDuplicates().hasSizeGreaterThan(12);
    }

    @Test
    void waitsForTracksThatArriveFarApartButSteadily() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        long lagMs = 1_800;
        for (long ms = 0; ms < 30_000; ms += 40) {
            rig.video(ms, ms % 2_000 == 0);
            if (ms >= lagMs) {
                rig.onlyAudio(ms - lagMs, ms - lagMs + 40);
            }
        }
        var sent = new ArrayList<Long>();
        rig.all().forEach(segment -> sent.addAll(rig.sentMs(segment, AUDIO)));
        assertThat(sent).hasSizeGreaterThan(1_100).doesNotHaveDuplicates();
        // only what came in while the audio was not there yet may be missing
        assertThat(sent.getLast() - sent.getFirst()).isCloseTo(sent.size() * 1024L / 48, within(30));
    }

    private static org.assertj.core.data.Offset<Long> within(long ms) {
        return org.assertj.core.data.Offset.offset(ms);
    }
}
