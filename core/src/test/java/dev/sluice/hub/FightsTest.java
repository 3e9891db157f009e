package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FightsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Fights fights = new Fights();

    private boolean forbids(String who, double atSeconds) {
        return fights.forbid(who, (long) (atSeconds * SECOND_NS));
    }

    private void displaced(String who, double atSeconds) {
        fights.displaced(who, (long) (atSeconds * SECOND_NS));
    }

    private void asksInVain(String who, double atSeconds) {
        assertThat(forbids(who, atSeconds)).as(who + " at " + atSeconds + " s").isTrue();
        fights.refused(who, (long) (atSeconds * SECOND_NS));
    }

    @Test
    void whoWasDisplacedIsForbiddenAndNobodyElse() {
        displaced("first", 0);
        assertThat(forbids("first", 2)).isTrue();
        assertThat(forbids("third", 2)).isFalse();
    }

    /// OBS waits half as long again before each attempt, from 2 s on: between the seventh and the eighth it is longer
    /// than what a fight is remembered for.
    @Test
    void anEncoderThatAsksMoreAndMoreSeldomNeverGetsThrough() {
        displaced("obs", 0);
        double at = 0;
        double pause = 2;
        for (int i = 0; i < 25; i++) {
            at += pause;
            asksInVain("obs", at);
            pause = Math.min(pause * 1.5, 900);
        }
    }

    @Test
    void whoAsksWithTheSamePauseNeverGetsThrough() {
        displaced("script", 0);
        for (int second = 29; second < 600; second += 29) {
            asksInVain("script", second);
        }
    }

    @Test
    void whoLetItBeForAWhileMayTakeOver() {
        displaced("first", 0);
        asksInVain("first", 5);
        assertThat(forbids("first", 34)).isTrue();
        assertThat(forbids("first", 36)).isFalse();
    }

    @Test
    void threeTakeoversInHalfAMinuteAreTheLastForAnybody() {
        displaced("a", 0);
        displaced("b", 5);
        assertThat(forbids("d", 9)).isFalse();
        displaced("c", 10);
        assertThat(forbids("d", 11)).isTrue();
        assertThat(forbids("d", 31)).isFalse();
    }

    @Test
    void framesOfOneLoserAreOneTakeover() {
        for (int frame = 0; frame < 10; frame++) {
            displaced("a", frame / 30.0);
        }
        assertThat(forbids("b", 1)).isFalse();
    }

    @Test
    void whoWasNeverDisplacedIsNotRememberedForBeingRefused() {
        fights.refused("stranger", SECOND_NS);
        assertThat(forbids("stranger", 2)).isFalse();
    }
}
