package dev.sluice.hub;

import static dev.sluice.hub.HubFixtures.AUDIO;
import static dev.sluice.hub.HubFixtures.VIDEO;
import static dev.sluice.hub.TimelineRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Frame;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to clocks that are as they should be, and to publications one after the other.
class TimelineTest {
    private final TimelineRig rig = new TimelineRig();
    private final Timeline timeline = rig.timeline;

    private Frame place(long dtsNs, long ptsNs) {
        return timeline.place(TimelineRig.frame(VIDEO, dtsNs, ptsNs), rig.nowMs * MS);
    }

    @Test
    void startsNearZeroWhateverThePublisherSays() {
        assertThat(rig.video(93_600_000)).isEqualTo(100);
        assertThat(rig.video(93_600_033)).isEqualTo(133);
    }

    @Test
    void keepsTheOffsetBetweenAudioAndVideo() {
        assertThat(rig.video(5_000)).isEqualTo(100);
        assertThat(rig.audio(4_979)).isEqualTo(79);
    }

    @Test
    void smallStepsBackOnAnotherTrackAreNoFault() {
        rig.video(1_000);
        assertThat(rig.audio(900)).isEqualTo(0);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void aTrackThatBeginsTooEarlyWaitsForTheOthersAndKeepsItsOffset() {
        rig.video(2_000);
        for (long ms = 500; ms <= 2_000; ms += 20) {
            rig.audio(ms);
        }
        assertThat(rig.audioShiftMs()).isEqualTo(rig.videoShiftMs());
        assertThat(rig.count(Repair.JUMP_BACK)).isZero();
    }

    @Test
    void aTrackThatAppearsLaterHasTheClockOfTheOthers() {
        for (long ms = 0; ms < 60_000; ms += 40) {
            rig.video(ms);
            rig.nowMs += 40;
        }
        assertThat(rig.audio(59_950)).isEqualTo(60_050);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void aTrackWhoseClockHasNothingToDoWithTheOthersBeginsWhereTheyAre() {
        rig.video(50_000_000);
        assertThat(rig.audio(0)).isEqualTo(100);
        assertThat(rig.audio(20)).isEqualTo(120);
        assertThat(rig.video(50_000_040)).isEqualTo(140);
        assertThat(timeline.repairs()).isEqualTo(Map.of(Repair.JUMP_BACK, 1L));
    }

    @Test
    void aTrackThatIsSilentForAWhileComesBackWhereItsClockSays() {
        rig.live(0, 2_000);
        for (long ms = 2_000; ms < 12_000; ms += 40) {
            rig.video(ms);
            rig.nowMs += 40;
        }
        rig.live(12_000, 14_000);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
        assertThat(rig.videoShiftMs()).isEqualTo(100);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void resumesAfterTheRealTimeThatWentBy() {
        rig.live(700_000, 702_000);
        long newestMs = timeline.newestNs() / MS;
        long arrivedMs = timeline.lastArrivalNs() / MS;
        rig.nowMs = arrivedMs + 20_000;
        rig.begin();
        rig.nowMs += 300;
        assertThat(rig.audio(0)).isEqualTo(newestMs + 20_300);
        assertThat(rig.video(60)).isEqualTo(newestMs + 20_360);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void aTakeoverGoesOnAtLeastOneStepLater() {
        rig.live(0, 2_000);
        long newestMs = timeline.newestNs() / MS;
        rig.nowMs -= 20; // when the last frame came
        rig.begin();
        assertThat(rig.video(86_400_000)).isEqualTo(newestMs + TimelineRig.VIDEO_STEP_MS);
        rig.audio(86_399_920); // 80 ms earlier than the picture: its place is taken
        rig.live(86_400_040, 86_402_000);
        assertThat(rig.audioShiftMs()).isEqualTo(rig.videoShiftMs());
        assertThat(rig.count(Repair.JUMP_BACK) + rig.count(Repair.JUMP_AHEAD)).isZero();
    }

    @Test
    void eachPublicationKeepsItsOwnOffsetBetweenAudioAndVideo() {
        rig.video(0);
        assertThat(rig.audio(35)).isEqualTo(135);
        rig.nowMs += 3_000;
        rig.begin();
        long videoMs = rig.video(9_000);
        assertThat(rig.audio(8_950)).isEqualTo(videoMs - 50);
    }

    @Test
    void beforeTheFirstFrameTheLastArrivalIsTheBeginning() {
        rig.begin();
        assertThat(timeline.lastArrivalNs()).isEqualTo(rig.nowMs * MS);
        assertThat(timeline.newestNs()).isZero();
        rig.nowMs += 700;
        rig.video(0);
        assertThat(timeline.lastArrivalNs()).isEqualTo(rig.nowMs * MS);
        assertThat(timeline.newestNs()).isEqualTo(100 * MS);
    }

    @Test
    void putsLooseThingsAtTheirTimeButNearTheNewestFrame() {
        assertThat(timeline.placeLoose(9_000 * MS)).isZero();
        rig.live(5_000, 8_000);
        assertThat(timeline.placeLoose(7_500 * MS)).isEqualTo(2_600 * MS);
        assertThat(timeline.placeLoose(99_000 * MS)).isEqualTo(timeline.newestNs());
        assertThat(timeline.placeLoose(0)).isEqualTo(timeline.newestNs() - 1_000 * MS);
        rig.nowMs += 10_000;
        rig.begin();
        assertThat(timeline.placeLoose(0)).isEqualTo(timeline.newestNs());
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 24) - 1_000, (1L << 31) - 1_000, (1L << 32) - 1_000, 93_600_000})
    void unwrappedTimesOfAnyAgeGoThroughUnchanged(long startMs) {
        rig.live(startMs / 40 * 40, startMs / 40 * 40 + 3_000);
        assertThat(rig.audioShiftMs()).isEqualTo(100 - startMs / 40 * 40);
        assertThat(rig.videoShiftMs()).isEqualTo(rig.audioShiftMs());
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void keepsPresentationTimesThatAreFine() {
        for (long ms = 0, i = 0; ms < 4_000; ms += 40, i++) {
            long offsetMs = new long[] {80, 160, 40, 0}[(int) (i % 4)];
            var placed = place(ms * MS, (ms + offsetMs) * MS);
            assertThat(placed.ptsNs() - placed.dtsNs()).isEqualTo(offsetMs * MS);
        }
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void reportsDriftBetweenAudioAndVideoAndRepairsNothing() {
        for (long ms = 0; ms < 600_000; ms += 40) {
            rig.video(ms);
            rig.audio(ms + 10 - ms / 1_000); // loses 1 ms a second
            rig.nowMs += 40;
        }
        assertThat(timeline.skewAtStartNs() / MS).isBetween(-20L, 10L);
        long driftMs = (timeline.skewNs() - timeline.skewAtStartNs()) / MS;
        assertThat(driftMs).isBetween(-600L, -590L);
        assertThat(rig.audioShiftMs()).isEqualTo(100);
        assertThat(rig.repairs()).isZero();
    }

    @Test
    void eachPublicationHasADriftOfItsOwn() {
        rig.live(0, 10_000);
        rig.nowMs += 5_000;
        rig.begin();
        assertThat(timeline.skewNs()).isZero();
        for (long ms = 0; ms < 10_000; ms += 40) {
            rig.video(ms);
            rig.audio(ms + 500);
            rig.nowMs += 40;
        }
        assertThat(timeline.skewNs() / MS).isBetween(470L, 500L);
        assertThat(timeline.skewNs() - timeline.skewAtStartNs()).isBetween(-MS, MS);
    }

    @Test
    void aTrackThatIsSilentDoesNotDrift() {
        rig.live(0, 10_000);
        long skewNs = timeline.skewNs();
        for (long ms = 10_000; ms < 20_000; ms += 40) {
            rig.video(ms);
            rig.nowMs += 40;
        }
        assertThat(timeline.skewNs()).isBetween(skewNs - MS, skewNs + MS);
        assertThat(timeline.place(TimelineRig.frame(AUDIO, 20_000 * MS, 20_000 * MS), rig.nowMs * MS)
                        .dtsNs())
                .isEqualTo(20_100 * MS);
    }
}
