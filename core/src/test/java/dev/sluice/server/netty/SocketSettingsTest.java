package dev.sluice.server.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SocketSettingsTest {
    @Test
    void aPeerIsNotGivenUpBeforeItsLastProbe() {
        assertThatThrownBy(() -> settings(44_999, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadAfterMs must be 0, or at least 45000: keepAliveIdleS and keepAliveProbes times "
                        + "keepAliveIntervalS take that long");
        assertThat(settings(45_000, true).deadAfterMs()).isEqualTo(45_000);
    }

    @Test
    void whoDoesNotProbeMayGiveUpEarly() {
        assertThatCode(() -> settings(1_000, false)).doesNotThrowAnyException();
        assertThatCode(() -> settings(0, true)).doesNotThrowAnyException();
    }

    private static SocketSettings settings(int deadAfterMs, boolean keepAlive) {
        return new SocketSettings(
                IoTransport.NIO, 0, 1_024, true, 0, 0, 0, 256 << 10, 128 << 10, deadAfterMs, keepAlive, 30, 5, 3);
    }
}
