package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FindMaxTest {
    private static RunResult result(int viewers, double latePercent) {
        return new RunResult(
                "rtmp",
                1,
                2_000,
                30,
                6,
                new RunResult.Delivered(1, 1, 1),
                null,
                null,
                null,
                new RunResult.Viewers(viewers, viewers, 0, 0, Map.of()),
                new RunResult.Frames(1_000, 0, latePercent, 0, 0, 0, 500),
                new RunResult.LoadCost(1, 1),
                List.of(),
                List.of());
    }

    /// A server that holds so many viewers.
    private static FindMax.Found find(int first, int most, int holds) throws Exception {
        return new FindMax(first, most, 1, text -> {}).find(viewers -> result(viewers, viewers <= holds ? 0.5 : 5));
    }

    @Test
    void comesNearTheLimitFromBelow() throws Exception {
        for (int holds : new int[] {50, 51, 99, 100, 333, 799, 1_600}) {
            var found = find(50, 2_000, holds);

            assertThat(found.good()).isTrue();
            assertThat(found.isLimit()).isTrue();
            assertThat(found.best().viewers().asked()).isBetween((int) (holds * 0.93), holds);
        }
    }

    @Test
    void stopsAtWhatIsAllowed() throws Exception {
        var found = find(50, 300, 10_000);

        assertThat(found.best().viewers().asked()).isEqualTo(300);
        assertThat(found.isLimit()).isFalse();
        assertThat(found.trials()).hasSize(4);
    }

    @Test
    void aBadFirstRunIsTheAnswer() throws Exception {
        var found = find(50, 300, 10);

        assertThat(found.good()).isFalse();
        assertThat(found.trials()).hasSize(1);
    }

    @Test
    void missingViewersAreAsBadAsLateFrames() {
        var missing = new RunResult(
                "rtmp",
                1,
                2_000,
                30,
                6,
                new RunResult.Delivered(1, 1, 1),
                null,
                null,
                null,
                new RunResult.Viewers(100, 98, 2, 0, Map.of("refused", 2)),
                new RunResult.Frames(1_000, 0, 0, 0, 0, 0, 500),
                new RunResult.LoadCost(1, 1),
                List.of(),
                List.of());

        assertThat(missing.isWithin(1)).isFalse();
        assertThat(missing.isWithin(3)).isTrue();
    }
}
