package dev.sluice.hub;

import static dev.sluice.hub.HubFixtures.MS;
import static dev.sluice.hub.HubFixtures.audio;
import static dev.sluice.hub.HubFixtures.video;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline();
    private long nowMs = 5_000;

    private long videoMs(long publisherMs) {
        return timeline.place(video(0, publisherMs, false, 4), nowMs * MS).dtsNs() / MS;
    }

    private long audioMs(long publisherMs) {
        return timeline.place(audio(0, publisherMs, 4), nowMs * MS).dtsNs() / MS;
    }

    @Test
    void startsNearZeroWhateverThePublisherSays() {
        assertThat(videoMs(93_600_000)).isEqualTo(100);
        assertThat(videoMs(93_600_033)).isEqualTo(133);
    }

    @Test
    void keepsTheOffsetBetweenAudioAndVideo() {
        assertThat(videoMs(5_000)).isEqualTo(100);
        assertThat(audioMs(4_979)).isEqualTo(79);
    }

    @Test
    void ordersATrackStrictlyAndCounts() {
        videoMs(0);
        videoMs(33);
        assertThat(videoMs(33)).isEqualTo(134);
        assertThat(videoMs(20)).isEqualTo(135);
        assertThat(timeline.reordered()).isEqualTo(2);
    }

    @Test
    void smallStepsBackOnAnotherTrackAreNoFault() {
        videoMs(1_000);
        assertThat(audioMs(900)).isEqualTo(0);
        assertThat(timeline.reordered()).isZero();
        assertThat(timeline.jumps()).isZero();
    }

    @Test
    void clockThatRestartsGoesOnWhereItWas() {
        videoMs(500_000);
        audioMs(500_000);
        assertThat(videoMs(0)).isEqualTo(133);
        assertThat(audioMs(0)).isEqualTo(133);
        assertThat(timeline.jumps()).isEqualTo(1);
    }

    @Test
    void clockThatJumpsAheadMakesNoHole() {
        videoMs(0);
        assertThat(videoMs(86_400_000)).isEqualTo(133);
        assertThat(videoMs(86_400_033)).isEqualTo(166);
    }

    @Test
    void publisherThatWasSilentForHalfAnHourHasNotJumped() {
        videoMs(0);
        nowMs += 1_800_000;
        assertThat(videoMs(1_800_000)).isEqualTo(1_800_100);
        assertThat(timeline.jumps()).isZero();
    }

    @Test
    void presentationOffsetSurvivesARepair() {
        videoMs(100);
        var frame = timeline.place(
                new dev.sluice.media.Frame(
                        HubFixtures.VIDEO,
                        100 * MS,
                        180 * MS,
                        dev.sluice.media.FrameKind.INTER,
                        dev.sluice.media.Payload.EMPTY),
                nowMs * MS);
        assertThat(frame.ptsNs() - frame.dtsNs()).isEqualTo(80 * MS);
    }
}
