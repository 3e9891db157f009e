package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.77/24, 192.0.2.1, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true"
    })
    void holdsTheAddressesThatBeginWithItsBits(String network, String address, boolean inside) {
        assertThat(Network.parse("exempt", network).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "example.org", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "/8", "2001:db8::/129", "a/b"})
    void saysWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> Network.parse("exempt", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("exempt must hold networks")
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void settingsRefuseWhatIsNoNetwork() {
        assertThatThrownBy(() -> new PortLimits(1, 1, 1, 1, 1, 1, 1, java.util.List.of("lan")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
