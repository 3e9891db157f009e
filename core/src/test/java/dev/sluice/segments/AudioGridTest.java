package dev.sluice.segments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AudioGridTest {
    private static final long MS = 1_000_000L;

    private final AudioGrid grid = new AudioGrid(44_100);

    @Test
    void neverDriftsThroughRounding() {
        for (long frame = 0; frame < 1_000_000; frame++) {
            long roundedMs = frame * 1024 * 1000 / 44_100;
            assertThat(grid.place(roundedMs * MS, 1024)).isEqualTo(frame * 1024);
        }
    }

    @Test
    void putsPairsOfFramesThatCameWithOneTimeBehindEachOther() {
        for (long pair = 0; pair < 1000; pair++) {
            long roundedMs = pair * 2048 * 1000 / 44_100;
            assertThat(grid.place(roundedMs * MS, 1024)).isEqualTo(pair * 2048);
            assertThat(grid.place((roundedMs + 1) * MS, 1024)).isEqualTo(pair * 2048 + 1024);
        }
    }

    @Test
    void startsAnewWhereAFrameWasLost() {
        grid.place(0, 1024);
        assertThat(grid.place(50 * MS, 1024)).isEqualTo(50 * 441 / 10);
    }

    @Test
    void followsAClockThatRunsFasterThanItsFrames() {
        long last = 0;
        for (long frame = 1; frame < 100_000; frame++) {
            long ownTicks = frame * 1025; // a thousandth slow
            last = grid.place(ownTicks * 1_000_000_000L / 44_100, 1024);
            assertThat(last - ownTicks).isBetween(-1024L, 1024L);
        }
        assertThat(last).isPositive();
    }

    @Test
    void neverGoesBack() {
        long last = -1;
        for (long ms : new long[] {0, 23, 10, 11, 12, 500, 100, 101}) {
            long start = grid.place(ms * MS, 1024);
            assertThat(start).isGreaterThan(last);
            last = start;
        }
    }
}
