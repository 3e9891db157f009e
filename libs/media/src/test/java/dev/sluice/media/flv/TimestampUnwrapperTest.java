package dev.sluice.media.flv;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimestampUnwrapperTest {
    private static final long MS = 1_000_000;
    private final TimestampUnwrapper clock = new TimestampUnwrapper();

    @Test
    void goesOnAfter49Days() {
        assertThat(clock.frameNs(VIDEO, 0xffff_fff0L)).isEqualTo(0xffff_fff0L * MS);
        assertThat(clock.frameNs(AUDIO, 0xffff_fffaL)).isEqualTo(0xffff_fffaL * MS);
        assertThat(clock.frameNs(VIDEO, 0x18)).isEqualTo(0x1_0000_0018L * MS);
        assertThat(clock.frameNs(AUDIO, 0x05)).isEqualTo(0x1_0000_0005L * MS);
    }

    @Test
    void countsEveryTurnForTenYears() {
        long ms = 0;
        long stepMs = 0x4000_0000L + 17;
        while (ms < 10L * 365 * 86_400_000) {
            assertThat(clock.frameNs(VIDEO, ms & 0xffff_ffffL)).isEqualTo(ms * MS);
            ms += stepMs;
        }
    }

    @Test
    void keepsSmallStepsBack() {
        clock.frameNs(VIDEO, 1000);
        assertThat(clock.frameNs(VIDEO, 990)).isEqualTo(990 * MS);
        assertThat(clock.frameNs(AUDIO, 100)).isEqualTo(100 * MS);
        clock.frameNs(AUDIO, 0);
        assertThat(clock.frameNs(AUDIO, 0xffff_fffeL)).isEqualTo(-2 * MS);
    }

    @Test
    void putsALateTrackIntoTheTurnOfTheOthers() {
        clock.frameNs(VIDEO, 0xffff_ffffL);
        clock.frameNs(VIDEO, 20);
        assertThat(clock.frameNs(AUDIO, 0xffff_fff0L)).isEqualTo(0xffff_fff0L * MS);
        assertThat(clock.frameNs(AUDIO, 21)).isEqualTo(0x1_0000_0015L * MS);
    }

    @Test
    void isNotMovedByDataStampedZero() {
        clock.frameNs(VIDEO, 0x7fff_fff0L);
        clock.dataNs(0);
        clock.configurationNs(0);
        assertThat(clock.frameNs(AUDIO, 0x8000_0010L)).isEqualTo(0x8000_0010L * MS);
        assertThat(clock.frameNs(VIDEO, 0x8000_0010L)).isEqualTo(0x8000_0010L * MS);
    }

    @Test
    void readsTheFirstTimestampAsUnsigned() {
        assertThat(clock.configurationNs(0)).isZero();
        assertThat(clock.frameNs(VIDEO, 0x9000_0000L)).isEqualTo(0x9000_0000L * MS);
    }

    @Test
    void putsConfigurationsNeverBeforeTheLatestFrame() {
        clock.frameNs(VIDEO, 5000);
        assertThat(clock.configurationNs(0)).isEqualTo(5000 * MS);
        assertThat(clock.configurationNs(5040)).isEqualTo(5040 * MS);
    }

    /// More than half a turn back reads as a step ahead: days wrong, as any jump is, but not lost; the
    /// stream's timeline mends it.
    @Test
    void aClockThatRestartsAfterMonthsIsAJumpLikeAnyOther() {
        clock.frameNs(VIDEO, 0xb000_0000L);
        clock.frameNs(AUDIO, 0xb000_0005L);
        assertThat(clock.frameNs(VIDEO, 0)).isEqualTo(0x1_0000_0000L * MS);
        assertThat(clock.frameNs(VIDEO, 40)).isEqualTo(0x1_0000_0028L * MS);
        assertThat(clock.frameNs(AUDIO, 7)).isEqualTo(0x1_0000_0007L * MS);
    }
}
