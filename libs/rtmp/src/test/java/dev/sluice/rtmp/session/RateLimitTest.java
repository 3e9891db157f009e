package dev.sluice.rtmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    private static final long MS = 1_000_000;

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2})
    void allowsABurstAtWhateverTimeItBegins(long nowNs) {
        var limit = new RateLimit(20, 50);
        assertThat(taken(limit, 100, nowNs)).isEqualTo(50);
    }

    @Test
    void allowsAsManyASecondAsItSaysOnceTheBurstIsUsedUp() {
        var limit = new RateLimit(20, 50);
        taken(limit, 50, 0);
        assertThat(limit.take(49 * MS)).isFalse();
        assertThat(limit.take(50 * MS)).isTrue();
        assertThat(limit.take(99 * MS)).isFalse();
        assertThat(taken(limit, 100, 1_000 * MS)).isEqualTo(19);
    }

    @Test
    void givesNoMoreThanABurstBackAfterALongSilence() {
        var limit = new RateLimit(20, 50);
        taken(limit, 50, 0);
        assertThat(taken(limit, 100, 3_600_000 * MS)).isEqualTo(50);
    }

    @Test
    void isNoStricterWithWhoAsksInVain() {
        var limit = new RateLimit(10, 1);
        assertThat(limit.take(0)).isTrue();
        assertThat(taken(limit, 1_000, 99 * MS)).isZero();
        assertThat(limit.take(100 * MS)).isTrue();
    }

    private static long taken(RateLimit limit, int times, long nowNs) {
        return IntStream.range(0, times).filter(i -> limit.take(nowNs)).count();
    }
}
