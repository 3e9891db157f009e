package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FanoutSettingsTest {
    private static LoopLoad busy() {
        var load = new LoopLoad();
        for (int i = 1; i <= 10; i++) {
            load.sent(1_000, 1_000, 900_000_000L, i * 1_000_000_000L);
        }
        return load;
    }

    @Test
    void aTimeHoldsWhateverTheLoad() {
        assertThat(new FanoutSettings("0ms", 50).windowNs(busy())).isZero();
        assertThat(new FanoutSettings("350ms", 50).windowNs(new LoopLoad())).isEqualTo(350_000_000L);
    }

    @Test
    void adaptiveGoesFromNothingToTheCeiling() {
        assertThat(new FanoutSettings("adaptive", 80).windowNs(new LoopLoad())).isZero();
        assertThat(new FanoutSettings("adaptive", 80).windowNs(busy())).isEqualTo(80_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "50", "50 ms", "-1ms", "351ms", "9999ms", "0.5ms", "50MS"})
    void whatIsNeitherIsRefusedWithASentence(String window) {
        assertThatThrownBy(() -> new FanoutSettings(window, 50))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("window must be adaptive, or a time from 0ms to 350ms such as 20ms");
    }
}
