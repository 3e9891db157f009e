package dev.sluice.segments;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What stays of streams, and for how long.
final class SegmentsTest {
    @Test
    void listsAWindowAndKeepsAFewMoreForSlowFetchers() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 60_000, 2_000);
        var window = rig.window();
        assertThat(window.segments()).hasSize(6);
        assertThat(window.spare()).hasSize(3);
        long newest = window.segments().getLast().sequence();
        for (long back = 0; back < 9; back++) {
            assertThat(rig.segments.find(SegmentRig.NAME, VIDEO, newest - back)).isPresent();
        }
        assertThat(rig.segments.find(SegmentRig.NAME, VIDEO, newest - 9)).isEmpty();
        assertThat(rig.segments.find(SegmentRig.NAME, VIDEO, newest + 1)).isEmpty();
        assertThat(rig.segments.find(SegmentRig.NAME, VIDEO, Long.MIN_VALUE)).isEmpty();
        assertThat(rig.segments.find(SegmentRig.NAME, AUDIO, newest)).isEmpty();
        rig.all().stream()
                .limit(5)
                .forEach(gone -> assertThat(rig.segments
                                .bytes(gone.track(VIDEO).orElseThrow().path())
                                .toCompletableFuture()
                                .join())
                        .isEmpty());
    }

    @Test
    void keepsAnEndedStreamUntilItsViewersHaveFinished() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 10_000, 2_000);
        rig.end();
        rig.loop.advanceMs(59_000);
        assertThat(rig.window().ended()).isTrue();
        assertThat(rig.store.usedBytes()).isPositive();
        rig.loop.advanceMs(2_000);
        assertThat(rig.segments.of(SegmentRig.NAME)).isEmpty();
        assertThat(rig.store.usedBytes()).isZero();
    }

    @Test
    void neverUsesANameForOtherBytes() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        Set<String> names = new HashSet<>();
        for (int publication = 0; publication < 4; publication++) {
            if (publication > 0) {
                rig.publish(SegmentRig.VIDEO);
            }
            rig.windows.clear();
            rig.onlyVideo(0, 10_000, 1_000);
            rig.end();
            rig.all()
                    .forEach(segment -> assertThat(
                                    names.add(segment.track(VIDEO).orElseThrow().path()))
                            .isTrue());
            rig.window()
                    .inits()
                    .forEach(init -> assertThat(names.add(init.path())).isTrue());
        }
    }

    @Test
    void servesThePredecessorsSegmentsWhileThePublisherComesBack() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 10_000, 2_000);
        rig.end();
        var old = rig.window().segments().getLast();
        rig.publish(SegmentRig.VIDEO);
        assertThat(rig.window().ended()).isFalse();
        assertThat(rig.window().segments()).isEmpty();
        var found = rig.segments.find(SegmentRig.NAME, VIDEO, old.sequence()).orElseThrow();
        assertThat(rig.bytes(found.path()).length()).isEqualTo(found.bytes());
        rig.loop.advanceMs(61_000);
        assertThat(rig.segments.of(SegmentRig.NAME)).isPresent();
        assertThat(rig.segments.bytes(found.path()).toCompletableFuture().join())
                .isEmpty();
    }

    @Test
    void leavesApplicationsAloneThatWantNoSegments() {
        var off = new SegmentSettings(false, true, 60_000, 2_000, 6, 3, 12_000, 1 << 20, 0, 60_000);
        var rig = new SegmentRig(off).publish(SegmentRig.VIDEO);
        rig.onlyVideo(0, 10_000, 2_000);
        assertThat(rig.segments.of(SegmentRig.NAME)).isEmpty();
        assertThat(rig.store.usedBytes()).isZero();
    }

    @Test
    void tellsListenersOfEachWindowUntilTheyLeave() {
        var rig = new SegmentRig().publish(SegmentRig.VIDEO);
        var calls = new int[1];
        var listening = rig.segments.onChange(SegmentRig.NAME, _ -> calls[0]++);
        rig.onlyVideo(0, 3_040, 1_000);
        assertThat(calls[0]).isEqualTo(3);
        listening.cancel();
        rig.onlyVideo(3_040, 6_000, 1_000);
        assertThat(calls[0]).isEqualTo(3);
    }

    @Test
    void givesUpOldSegmentsOfEachStreamWhenTheStoreIsFull() {
        var rig = new SegmentRig(new SegmentSettings(true, true, 60_000, 2_000, 6, 3, 12_000, 1 << 20, 20_000, 60_000))
                .publish(SegmentRig.VIDEO);
        for (long ms = 0; ms < 60_000; ms += 40) {
            rig.video(SegmentRig.VIDEO, ms, ms, ms % 2_000 == 0, 200); // 10,000 bytes in a segment
        }
        assertThat(rig.store.usedBytes()).isLessThanOrEqualTo(20_000);
        assertThat(rig.window().segments()).hasSize(1);
    }
}
