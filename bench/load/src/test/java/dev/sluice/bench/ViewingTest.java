package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewingTest {
    private static final int RUN = 77;
    private static final long MS = 1_000_000;

    private final Tally tally = new Tally();
    private final SyntheticStream stream = new SyntheticStream(new LoadShape(1, 500, 30, 3), RUN);

    private Viewing viewing(boolean probe) {
        var viewing = new Viewing(tally, RUN, probe);
        viewing.opened(10 * MS);
        return viewing;
    }

    private void sees(Viewing viewing, byte[] body, long nowNs) {
        viewing.arrived(body.length, nowNs);
        viewing.onMessage(9, body, Math.min(body.length, viewing.keptBytes()), body.length);
    }

    @Test
    void joinsAtTheFirstKeyFrameAndNotAtTheHeader() {
        var viewing = viewing(false);
        stream.video(0);

        sees(viewing, stream.videoHeader(), 11 * MS);
        sees(viewing, stream.video(12 * MS), 12 * MS);
        assertThat(tally.snapshot().live()).isEqualTo(1);
        assertThat(tally.snapshot().joinsNs().total()).isZero();

        stream.video(0);
        sees(viewing, stream.video(13 * MS), 15 * MS);
        assertThat(tally.snapshot().joinsNs().total()).isEqualTo(1);
        assertThat(tally.snapshot().joinsNs().quantile(1) / 1e6).isBetween(4.9, 5.1);
    }

    @Test
    void delayIsFromWriteToRead() {
        sees(viewing(false), stream.video(100 * MS), 107 * MS);

        assertThat(tally.snapshot().delaysNs().quantile(0.5) / 1e6).isBetween(6.9, 7.1);
        assertThat(tally.snapshot().probeDelaysNs().total()).isZero();
        sees(viewing(true), stream.video(100 * MS), 109 * MS);
        assertThat(tally.snapshot().probeDelaysNs().quantile(0.5) / 1e6).isBetween(8.9, 9.1);
    }

    @Test
    void missingFramesAreLost() {
        var viewing = viewing(false);

        sees(viewing, stream.video(0), 0);
        stream.video(0);
        stream.video(0);
        sees(viewing, stream.video(0), 0);

        assertThat(tally.snapshot().frames()).isEqualTo(2);
        assertThat(tally.snapshot().lost()).isEqualTo(2);
        assertThat(tally.snapshot().corrupt()).isZero();
    }

    @Test
    void aFrameThatComesTwiceIsCorrupt() {
        var viewing = viewing(false);
        var frame = stream.video(0);

        sees(viewing, frame, 0);
        sees(viewing, frame, 0);

        assertThat(tally.snapshot().corrupt()).isEqualTo(1);
        assertThat(tally.snapshot().lost()).isZero();
    }

    @Test
    void onlyAProbeSeesAChangedByteAtTheEnd() {
        var frame = stream.video(0);
        frame[frame.length - 1] ^= 1;

        sees(viewing(false), frame, 0);
        assertThat(tally.snapshot().corrupt()).isZero();
        sees(viewing(true), frame, 0);
        assertThat(tally.snapshot().corrupt()).isEqualTo(1);
    }

    @Test
    void anotherRunsFramesBringNoDelay() {
        var other = new SyntheticStream(new LoadShape(1, 500, 30, 3), RUN + 1);
        var viewing = viewing(false);

        sees(viewing, other.video(0), 20 * MS);

        assertThat(tally.snapshot().frames()).isZero();
        assertThat(tally.snapshot().joinsNs().total()).isEqualTo(1);
        assertThat(tally.snapshot().bytes()).isPositive();
    }

    @Test
    void whoNeverSawMediaHasFailedAndWhoDidHasEnded() {
        viewing(false).ended("refused");
        viewing(false).ended("refused");
        var live = viewing(false);
        sees(live, stream.video(0), 0);
        live.ended("the server closed the connection");
        live.ended("again");

        assertThat(tally.snapshot().failures()).isEqualTo(Map.of("refused", 2));
        assertThat(tally.snapshot().ended()).isEqualTo(1);
    }

    @Test
    void whoLeftByHimselfHasDoneNeither() {
        var viewing = viewing(false);
        viewing.left();
        viewing.ended("the server closed the connection");

        assertThat(tally.snapshot().failed()).isZero();
        assertThat(tally.snapshot().ended()).isZero();
    }
}
