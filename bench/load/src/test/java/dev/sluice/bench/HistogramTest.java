package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void quantilesAreWithinOnePercentOfTheValues() {
        var histogram = new Histogram();
        LongStream.rangeClosed(1, 100_000).forEach(value -> histogram.add(value * 1_000));

        assertThat(histogram.total()).isEqualTo(100_000);
        for (double share : new double[] {0.01, 0.5, 0.99, 0.999}) {
            assertThat(histogram.quantile(share))
                    .isCloseTo((long) (share * 100_000 * 1_000), Percentage.withPercentage(1));
        }
        assertThat(histogram.quantile(1)).isCloseTo(100_000_000L, Percentage.withPercentage(1));
    }

    @Test
    void smallValuesAreExact() {
        var histogram = new Histogram();
        LongStream.of(0, 1, 2, 126, 127, 128).forEach(histogram::add);

        assertThat(histogram.quantile(0)).isZero();
        assertThat(histogram.quantile(0.6)).isEqualTo(126);
        assertThat(histogram.quantile(1)).isCloseTo(128, within(1L));
    }

    @Test
    void anEmptyOneSaysZero() {
        assertThat(new Histogram().quantile(0.99)).isZero();
    }

    @Test
    void valuesBeyondEitherEndCountAsTheEnd() {
        var histogram = new Histogram();
        histogram.add(-5);
        histogram.add(Long.MAX_VALUE);

        assertThat(histogram.quantile(0)).isZero();
        assertThat(histogram.quantile(1)).isGreaterThan(1L << 40);
    }

    @Test
    void countsWhatLiesAboveAValue() {
        var histogram = new Histogram();
        LongStream.of(10, 20, 500, 600, 700).forEach(histogram::add);

        assertThat(histogram.above(100)).isEqualTo(3);
        assertThat(histogram.above(1_000)).isZero();
    }

    @Test
    void tellsWhatWasAddedSinceACopy() {
        var histogram = new Histogram();
        histogram.add(10);
        var earlier = histogram.copy();
        histogram.add(90);

        assertThat(histogram.since(earlier).total()).isEqualTo(1);
        assertThat(histogram.since(earlier).quantile(0.5)).isEqualTo(90);
        assertThat(earlier.total()).isEqualTo(1);
    }
}
