package dev.sluice.hub;

import static dev.sluice.hub.HubFixtures.AUDIO;
import static dev.sluice.hub.HubFixtures.VIDEO;
import static dev.sluice.hub.TimelineRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows of `docs/reference/timeline.md`: clocks with faults.
class TimelineRepairTest {
    private final TimelineRig rig = new TimelineRig();
    private final Timeline timeline = rig.timeline;

    private Frame place(long dtsMs, long ptsMs) {
        return timeline.place(TimelineRig.frame(VIDEO, dtsMs * MS, ptsMs * MS), rig.nowMs * MS);
    }

    private void assertNoJump() {
        assertThat(rig.count(Repair.JUMP_BACK)).isZero();
        assertThat(rig.count(Repair.JUMP_AHEAD)).isZero();
    }

    // order

    @Test
    void ordersATrackStrictlyAndCounts() {
        rig.video(0);
        rig.video(33);
        assertThat(rig.video(33)).isEqualTo(134);
        assertThat(rig.video(20)).isEqualTo(135);
        assertThat(rig.video(66)).isEqualTo(166);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.ORDER, 2L));
    }

    @Test
    void aClockThatCreepsBackIsCaughtBeforeItIsFarBehind() {
        for (int i = 0; i < 200; i++) {
            rig.video(100_000 - i * 40);
            rig.nowMs += 40;
        }
        long behindMs = timeline.newestNs() / MS - (rig.video(100_000 - 200 * 40) - 1);
        assertThat(behindMs).isLessThan(1_000);
        assertThat(rig.count(Repair.JUMP_BACK)).isPositive();
    }

    // jumps back

    @Test
    void clockThatRestartsGoesOnWhereItWas() {
        rig.video(500_000);
        rig.audio(500_000);
        assertThat(rig.video(0)).isEqualTo(133);
        assertThat(rig.audio(0)).isEqualTo(133);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_BACK, 1L));
    }

    @Test
    void aRestartFromZeroKeepsAudioAndVideoTogether() {
        rig.live(500_000, 505_000);
        rig.live(0, 5_000);
        assertThat(rig.audioShiftMs()).isEqualTo(rig.videoShiftMs());
        assertThat(timeline.newestNs() / MS).isBetween(10_060L, 10_140L);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_BACK, 1L));
    }

    @Test
    void aTrackWhoseClockDoesNotJumpKeepsItsOwn() {
        rig.live(500_000, 505_000);
        for (long ms = 0; ms < 5_000; ms += 20) {
            rig.audio(ms);
            if (ms % 40 == 0) {
                rig.video(505_000 + ms);
            }
            rig.nowMs += 20;
        }
        assertThat(rig.videoShiftMs()).isEqualTo(100 - 500_000);
        assertThat(rig.audioShiftMs()).isEqualTo(5_100);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_BACK, 1L));
    }

    @Test
    void aBurstOfOldTimesGoesOnAndKeepsAudioAndVideoTogether() {
        rig.live(0, 10_000);
        rig.burst(6_000, 8_000);
        rig.live(10_000, 15_000);
        assertThat(rig.audioShiftMs()).isEqualTo(rig.videoShiftMs());
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_BACK, 1L, Repair.JUMP_AHEAD, 1L));
    }

    @Test
    void aClockThatWrapsAt24BitsGoesOn() {
        long wrapMs = 1L << 24;
        long startMs = wrapMs - 5_016; // 40 divides it
        for (long ms = startMs; ms < startMs + 10_000; ms += 20) {
            if (ms % 40 == 0) {
                rig.video(ms % wrapMs);
            }
            rig.audio(ms % wrapMs);
            rig.nowMs += 20;
        }
        assertThat(rig.audioShiftMs()).isEqualTo(rig.videoShiftMs());
        assertThat(timeline.newestNs() / MS).isBetween(10_060L, 10_140L);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_BACK, 1L));
    }

    @Test
    void aTrackThatComesBackWithAnotherClockIsWhereTheOthersAre() {
        rig.live(0, 2_000);
        for (long ms = 2_000; ms < 12_000; ms += 40) {
            rig.video(ms);
            rig.nowMs += 40;
        }
        assertThat(rig.audio(0)).isBetween(12_020L, 12_140L);
    }

    // jumps ahead

    @Test
    void clockThatJumpsAheadMakesNoHole() {
        rig.video(0);
        assertThat(rig.video(86_400_000)).isEqualTo(133);
        assertThat(rig.video(86_400_033)).isEqualTo(166);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_AHEAD, 1L));
    }

    static LongStream jumps() {
        var near = LongStream.rangeClosed(35, 80).map(tenths -> tenths * 20);
        var far = LongStream.of(2_000, 10_000, 3_600_000, 1L << 24, 1L << 31, 1L << 40);
        return LongStream.concat(near, far).flatMap(ms -> LongStream.of(ms / 40 * 40, -ms / 40 * 40));
    }

    @ParameterizedTest
    @MethodSource("jumps")
    void aJumpOfAnySizeKeepsAudioAndVideoTogether(long jumpMs) {
        for (long phaseMs = 0; phaseMs < 80; phaseMs += 20) {
            var each = new TimelineRig();
            each.live(100_000, 105_000 + phaseMs);
            each.live(105_000 + phaseMs + jumpMs, 110_000 + jumpMs);
            assertThat(each.audioShiftMs()).as("at %d", phaseMs).isEqualTo(each.videoShiftMs());
            assertThat(each.timeline.newestNs() / MS).isBetween(9_000L, 11_300L);
        }
    }

    @Test
    void aClockThatJumpsThereAndBackIsMendedTwice() {
        rig.live(0, 5_000);
        rig.live(15_000, 20_000);
        rig.live(10_000, 15_000);
        assertThat(rig.audioShiftMs()).isEqualTo(rig.videoShiftMs());
        assertThat(timeline.newestNs() / MS).isBetween(15_000L, 15_200L);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_AHEAD, 1L, Repair.JUMP_BACK, 1L));
    }

    @Test
    void publisherThatWasSilentForHalfAnHourHasNotJumped() {
        rig.video(0);
        rig.nowMs += 1_800_000;
        assertThat(rig.video(1_800_000)).isEqualTo(1_800_100);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void aSparseStreamHasNotJumped() {
        for (int i = 0; i < 20; i++) {
            assertThat(rig.video(i * 10_000L)).isEqualTo(100 + i * 10_000L);
            rig.nowMs += i % 2 == 0 ? 9_600 : 10_400;
        }
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void aBurstAfterAStallHasNotJumped() {
        rig.live(0, 5_000);
        rig.nowMs += 8_000;
        rig.burst(5_000, 13_000);
        rig.live(13_000, 15_000);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
        assertThat(rig.videoShiftMs()).isEqualTo(100);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void framesThatAnEncoderDroppedDuringAStallLeaveTheirHole() {
        rig.live(0, 5_000);
        rig.nowMs += 8_000;
        rig.burst(5_000, 6_000); // what was in its queue
        rig.burst(11_000, 13_000); // the rest it had thrown away
        rig.live(13_000, 15_000);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
        assertThat(rig.videoShiftMs()).isEqualTo(100);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void aFileSentFasterThanRealTimeHasNotJumped() {
        rig.burst(0, 3_600_000);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
        assertThat(rig.repairs()).isZero();
        rig.nowMs += 10_000;
        rig.burst(3_610_000, 3_620_000); // ahead as it is, it slept with its clock running
        assertThat(rig.audioShiftMs()).isEqualTo(100);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void aPublisherThatIsSlowForADayStillJumps() {
        for (long ms = 0; ms < 86_400_000; ms += 1_000) {
            rig.video(ms);
            rig.nowMs += 1_001;
        }
        assertThat(rig.video(86_410_000)).isLessThan(86_402_000);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_AHEAD, 1L));
    }

    // outliers

    @ParameterizedTest
    @ValueSource(longs = {-60_000, -3_000, -1_000, -600, -520, -400, 400, 520, 600, 980, 1_020, 3_000, 60_000})
    void everyTenthTimeWrongLeavesTheStreamWhereItWas(long wrongByMs) {
        rig.live(0, 2_000);
        for (long ms = 2_000, i = 0; ms < 20_000; ms += 20, i++) {
            if (ms % 40 == 0) {
                rig.video(i % 20 == 0 ? ms + wrongByMs : ms);
            }
            rig.audio(i % 10 == 7 && i % 3 == 0 ? ms + wrongByMs : ms);
            rig.nowMs += 20;
        }
        assertThat(timeline.newestNs() / MS).isBetween(20_000L, 21_300L);
        rig.live(20_000, 22_000);
        assertThat(rig.videoShiftMs()).isEqualTo(100);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_000, 3_000})
    void anOutlierIsPutWhereItBelongsAndTheNextFrameIsExact(long wrongByMs) {
        rig.live(0, 2_000);
        assertThat(rig.video(2_000 + wrongByMs)).isEqualTo(2_100);
        rig.nowMs += 40;
        assertThat(rig.video(2_040)).isEqualTo(2_140);
        assertThat(rig.repairs()).isEqualTo(1);
    }

    @Test
    void aTrackThatAppearsDuringAnOutlierHasTheClockThatIsRight() {
        for (long ms = 0; ms < 2_000; ms += 40) {
            rig.video(ms);
            rig.nowMs += 40;
        }
        rig.video(2_000 + 3_000);
        assertThat(rig.audio(2_010)).isEqualTo(2_110);
        assertThat(rig.video(2_040)).isEqualTo(2_140);
    }

    @ParameterizedTest
    @CsvSource({"3000,-3000", "3000,3400", "-3000,2800", "900,-900"})
    void outliersOfBothTracksAtOnceLeaveNoShift(long videoMs, long audioMs) {
        rig.live(0, 2_000);
        rig.video(2_000 + videoMs);
        rig.audio(2_000 + audioMs);
        rig.nowMs += 20;
        rig.live(2_020, 5_000);
        assertThat(rig.videoShiftMs()).isEqualTo(100);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
    }

    @Test
    void anOutlierAfterALossThatWasNeverCaughtUpLeavesNoShift() {
        rig.live(0, 5_000);
        rig.nowMs += 10_000; // lost for good: the publisher is late from now on
        rig.live(5_000, 6_000);
        rig.video(6_000 + 3_000);
        rig.live(6_000, 12_000);
        assertThat(rig.videoShiftMs()).isEqualTo(100);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
    }

    // presentation

    @Test
    void presentationOffsetSurvivesARepair() {
        rig.video(100);
        var frame = place(100, 180);
        assertThat(frame.ptsNs() - frame.dtsNs()).isEqualTo(80 * MS);
    }

    /// An encoder that numbers decode times from its first picture, although pictures are decoded out of
    /// order.
    @Test
    void picturesShownBeforeTheyAreDecodedMoveTheDecodeTimes() {
        var shown = new ArrayList<Long>();
        for (long gop = 0; gop < 30; gop++) {
            for (long offset : new long[] {0, 80, -40, -40}) {
                long dtsMs = (gop * 4 + shown.size() % 4) * 40;
                var placed = place(dtsMs, dtsMs + offset);
                assertThat(placed.ptsNs()).isGreaterThanOrEqualTo(placed.dtsNs());
                shown.add(placed.ptsNs() / MS - dtsMs - offset);
                rig.nowMs += 40;
            }
        }
        assertThat(shown.subList(0, 8)).allMatch(shift -> shift >= 100 && shift <= 101);
        assertThat(shown.subList(8, shown.size())).containsOnly(100L);
        assertThat(rig.count(Repair.PTS_BEFORE_DTS)).isEqualTo(1);
        assertNoJump();
    }

    @Test
    void picturesShownLongBeforeTheyAreDecodedAreShownThen() {
        place(0, 0);
        var placed = place(40, 40 - 2_000);
        assertThat(placed.dtsNs()).isEqualTo(140 * MS);
        assertThat(placed.ptsNs()).isEqualTo(140 * MS);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.PTS_BEFORE_DTS, 1L));
    }

    @Test
    void picturesShownMoreThanTenSecondsAfterTheyAreDecodedAreShownThen() {
        place(0, 10_000);
        assertThat(rig.repairs()).isZero();
        var placed = place(40, 40 + 10_001);
        assertThat(placed.ptsNs()).isEqualTo(placed.dtsNs());
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.COMPOSITION, 1L));
    }

    @Test
    void missingCompositionTimesArePassedOn() {
        for (long ms = 0; ms < 1_000; ms += 40) {
            var placed = place(ms, ms);
            assertThat(placed.ptsNs()).isEqualTo(placed.dtsNs());
        }
        assertThat(rig.repairs()).isZero();
    }

    // extremes

    @Test
    void survivesTheExtremesOf64Bits() {
        long lastNs = -1;
        var extremes =
                List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1, 1L << 62);
        for (long dtsNs : extremes) {
            for (long ptsNs : extremes) {
                var placed = timeline.place(TimelineRig.frame(VIDEO, dtsNs, ptsNs), ptsNs ^ dtsNs);
                assertThat(placed.dtsNs()).isGreaterThan(lastNs);
                assertThat(placed.ptsNs() - placed.dtsNs()).isBetween(0L, 10_000 * MS);
                lastNs = placed.dtsNs();
            }
        }
    }

    @Test
    void aClockThatOverflowsGoesOn() {
        long startNs = Long.MAX_VALUE - 500 * MS;
        for (int i = 0; i < 50; i++) {
            long raw = startNs + i * 40 * MS;
            assertThat(timeline.place(TimelineRig.frame(VIDEO, raw, raw), rig.nowMs * MS)
                            .dtsNs())
                    .isEqualTo((100 + i * 40) * MS);
            assertThat(timeline.place(TimelineRig.frame(AUDIO, raw, raw), rig.nowMs * MS)
                            .dtsNs())
                    .isEqualTo((100 + i * 40) * MS);
        }
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void noClockIsEverMoreThanADayAheadOfRealTime() {
        long day = 86_400_000L;
        for (long ms = 0; ms < 2 * day; ms += 1_000) {
            rig.video(ms);
        }
        assertThat(timeline.newestNs() / MS).isBetween(day, day + 100 + 86_400 + 1);
        assertThat(rig.count(Repair.RUNAWAY)).isPositive();
        long beforeMs = timeline.newestNs() / MS;
        rig.nowMs += day;
        rig.live(0, 5_000); // it goes on like any other
        assertThat(timeline.newestNs() / MS).isBetween(beforeMs + 4_900, beforeMs + day + 6_000);
    }
}
