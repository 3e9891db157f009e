package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void putsTheTwoPortsThatScriptsReadFirst() {
        var line = Listeners.readyLine(
                Map.of("abc", at("127.0.0.1", 3), "http", at("0.0.0.0", 2), "rtmp", at("::1", 1)), 42);
        assertThat(line).isEqualTo("sluice ready rtmp=[0:0:0:0:0:0:0:1]:1 http=0.0.0.0:2 abc=127.0.0.1:3 pid=42");
    }

    @Test
    void namesAnAddressThatCanBeReachedFromHere() {
        assertThat(Listeners.reachable(at("0.0.0.0", 8080))).isEqualTo("127.0.0.1:8080");
        assertThat(Listeners.reachable(at("192.0.2.1", 8080))).isEqualTo("192.0.2.1:8080");
    }
}
