package dev.sluice.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicksTest {
    private static final long TEN_YEARS_NS = 10L * 366 * 86_400 * 1_000_000_000;

    @ParameterizedTest
    @ValueSource(ints = {7350, 44_100, 48_000, 90_000, 96_000, 16_777_215})
    void roundsToTheNearestTickForTenYears(int timescale) {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long ns = random.nextLong(-TEN_YEARS_NS, TEN_YEARS_NS);
            long exact = BigDecimal.valueOf(ns)
                    .multiply(BigDecimal.valueOf(timescale))
                    .divide(BigDecimal.valueOf(1_000_000_000), 0, RoundingMode.HALF_UP)
                    .longValueExact();
            assertThat(Ticks.ofNs(ns, timescale) - exact).isBetween(0L, ns < 0 ? 1L : 0L); // halves go up
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7350, 44_100, 48_000, 90_000, 96_000})
    void comesBackToTheSameTick(int timescale) {
        var random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            long ticks = random.nextLong(-10L * 366 * 86_400 * timescale, 10L * 366 * 86_400 * timescale);
            assertThat(Ticks.ofNs(Ticks.toNs(ticks, timescale), timescale)).isEqualTo(ticks);
        }
    }

    @Test
    void doesNotDriftOverAYearOfAudioFrames() {
        long framesInAYear = 365L * 86_400 * 44_100 / 1024;
        long ns = Ticks.toNs(framesInAYear * 1024, 44_100);
        assertThat(Ticks.ofNs(ns, 44_100)).isEqualTo(framesInAYear * 1024);
        assertThat(Ticks.ofNs(40_000_000, 90_000)).isEqualTo(3600);
        assertThat(Ticks.ofNs(-40_000_000, 90_000)).isEqualTo(-3600);
    }
}
