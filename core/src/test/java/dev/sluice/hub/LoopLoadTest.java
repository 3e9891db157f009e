package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LoopLoadTest {
    private static final long MS = 1_000_000L;
    private static final long WRITE_NS = 6_000;

    private final LoopLoad load = new LoopLoad();
    private long nowNs = 5_000 * MS;

    /// Ten seconds of frames 10 ms apart for so many viewers, which leave in windows of so many frames.
    private double pressure(int viewers, int framesPerWrite) {
        for (int i = 0; i < 1_000 / framesPerWrite; i++) {
            nowNs += framesPerWrite * 10 * MS;
            load.sent((long) viewers * framesPerWrite, viewers, viewers * WRITE_NS, nowNs);
        }
        return load.pressure();
    }

    @Test
    void aLoopWithTimeHasNoPressure() {
        assertThat(load.pressure()).isZero();
        assertThat(pressure(100, 1)).as("6 %").isZero();
    }

    @Test
    void aLoopThatWouldNotKeepUpHasAllThePressure() {
        assertThat(pressure(1_000, 1)).as("60 %").isEqualTo(1);
        assertThat(pressure(10_000, 1)).isEqualTo(1);
    }

    @Test
    void betweenItGrowsEvenly() {
        assertThat(pressure(500, 1)).as("30 %").isCloseTo(0.5, within(0.01));
    }

    @Test
    void framesThatLeaveTogetherDoNotLowerIt() {
        assertThat(pressure(1_000, 5)).isEqualTo(1);
        assertThat(pressure(500, 5)).isCloseTo(0.5, within(0.01));
    }

    @Test
    void itFallsWhenViewersLeave() {
        pressure(1_000, 1);
        assertThat(pressure(50, 1)).isZero();
    }

    @Test
    void afterASilenceTheOldLoadIsForgotten() {
        pressure(1_000, 1);
        nowNs += 60_000 * MS;
        load.sent(1, 1, WRITE_NS, nowNs);
        assertThat(load.pressure()).isZero();
    }
}
