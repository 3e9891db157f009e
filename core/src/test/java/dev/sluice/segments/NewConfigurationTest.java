package dev.sluice.segments;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.mp4.CmafMuxer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tracks that change, and tracks that cannot be carried.
final class NewConfigurationTest {
    @Test
    void cutsAtANewConfigurationWithANewInitialisation() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 5_000, 1_000);
        rig.tracks(SegmentRig.VIDEO_LARGE);
        for (long ms = 5_000; ms < 12_000; ms += 40) {
            rig.video(SegmentRig.VIDEO_LARGE, ms, ms, ms % 1_000 == 0, 100);
        }
        var changed = rig.all().stream().filter(Segment::discontinuity).toList();
        assertThat(changed).hasSize(1);
        assertThat(rig.sentMs(changed.getFirst(), VIDEO)).startsWith(5_000L);
        var init = rig.window()
                .findInit(VIDEO, changed.getFirst().track(VIDEO).orElseThrow().initId())
                .orElseThrow();
        assertThat(rig.bytes(init.path())).isEqualTo(CmafMuxer.init(List.of(SegmentRig.VIDEO_LARGE)));
        assertThat(rig.window().track(VIDEO).orElseThrow().width()).isEqualTo(640);
    }

    /// FFmpeg reads one initialisation only.
    @Test
    void repeatsParameterSetsInFrontOfEachSegmentOnceTheyHaveChanged() {
        var rig = SegmentRig.keepingAll().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 6_000, 2_000);
        rig.tracks(SegmentRig.VIDEO_LARGE, SegmentRig.AUDIO);
        for (long ms = 6_000; ms < 12_000; ms += 40) {
            rig.video(SegmentRig.VIDEO_LARGE, ms, ms, ms % 1_000 == 0, 100);
            rig.onlyAudio(ms, ms + 40);
        }
        var sets = ((AvcConfig) SegmentRig.VIDEO_LARGE.config()).withParameterSets(Payload.EMPTY);
        rig.end();
        assertThat(rig.all()).hasSizeGreaterThan(5).allSatisfy(segment -> {
            var payloads = rig.fragment(segment, VIDEO).payloads();
            boolean changed = segment.discontinuities() > 0;
            assertThat(payloads.getFirst().length()).isEqualTo(changed ? 100 + sets.length() : 100);
            assertThat(payloads.stream().skip(1)).allMatch(payload -> payload.length() == 100);
            assertThat(rig.fragment(segment, AUDIO).payloads()).allMatch(payload -> payload.length() == 20);
        });
    }

    @Test
    void makesOneCutWhenVideoAndAudioChangeTogether() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, SegmentRig.AUDIO);
        rig.both(0, 6_010, 2_000);
        rig.tracks(SegmentRig.VIDEO_LARGE, SegmentRig.AUDIO_44K);
        for (long ms = 6_040; ms < 14_000; ms += 40) {
            rig.video(SegmentRig.VIDEO_LARGE, ms, ms, (ms - 6_040) % 2_000 == 0, 100);
            rig.audio(SegmentRig.AUDIO_44K, ms + 5);
            rig.audio(SegmentRig.AUDIO_44K, ms + 28);
        }
        assertThat(rig.all()).filteredOn(Segment::discontinuity).singleElement().satisfies(segment -> {
            assertThat(rig.sentMs(segment, VIDEO)).startsWith(6_040L);
            assertThat(rig.sentMs(segment, AUDIO)).startsWith(6_045L);
            assertThat(segment.track(VIDEO).orElseThrow().initId()).isEqualTo(segment.sequence());
            assertThat(segment.track(AUDIO).orElseThrow().initId()).isEqualTo(segment.sequence());
        });
        // no part mixes configurations, and no segment is a splinter
        assertThat(rig.all()).allMatch(segment -> segment.durationNs() >= 30_000_000L);
    }

    @Test
    void forgetsInitialisationsThatNothingNeeds() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 5_000, 1_000);
        long usedBytes = 0;
        for (int change = 1; change <= 20; change++) {
            var track = change % 2 == 0 ? SegmentRig.VIDEO : SegmentRig.VIDEO_LARGE;
            rig.tracks(track);
            for (long ms = 0; ms < 5_000; ms += 40) {
                rig.video(track, change * 5_000L + ms, change * 5_000L + ms, ms % 1_000 == 0, 100);
            }
            usedBytes = Math.max(usedBytes, change < 10 ? rig.store.usedBytes() : usedBytes);
        }
        assertThat(rig.store.usedBytes()).isLessThanOrEqualTo(usedBytes);
        assertThat(rig.window().inits()).hasSizeLessThan(8);
        assertThat(rig.window().segments().getLast().discontinuities()).isEqualTo(20);
    }

    @Test
    void waitsForAKeyFrameOfTheNewConfiguration() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 3_000, 1_000);
        rig.tracks(SegmentRig.VIDEO_LARGE);
        for (long ms = 3_000; ms < 8_000; ms += 40) {
            rig.video(SegmentRig.VIDEO_LARGE, ms, ms, ms == 3_400 || ms == 5_400 || ms == 7_400, 100);
        }
        var changed = rig.all().stream().filter(Segment::discontinuity).toList();
        assertThat(changed).hasSize(1);
        assertThat(rig.sentMs(changed.getFirst(), VIDEO)).startsWith(3_400L);
        assertThat(rig.fragment(changed.getFirst(), VIDEO).samples().getFirst().key())
                .isTrue();
    }

    @Test
    void namesTracksThatDoNotFitAndPlaysTheRest() {
        var mp3 = new Track(0, Codec.MP3, new CodecConfig.Opaque(Payload.EMPTY));
        var rig = new SegmentRig().publish(SegmentRig.VIDEO, mp3);
        assertThat(rig.window().unsupportedTracks()).containsExactly(mp3);
        rig.onlyVideo(0, 5_000, 1_000);
        assertThat(rig.window().tracks()).extracting(MediaTrack::kind).containsExactly(VIDEO);
        assertThat(rig.window().unsupportedTracks()).containsExactly(mp3);
    }
}
