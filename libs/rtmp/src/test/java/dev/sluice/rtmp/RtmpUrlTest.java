package dev.sluice.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RtmpUrlTest {
    @ParameterizedTest
    @CsvSource({
        "rtmp://h/live/a, RTMP, 1935",
        "rtmps://h/live/a, RTMPS, 443",
        "rtmpe://h/live/a, RTMPE, 1935",
        "rtmpt://h/live/a, RTMPT, 80",
        "rtmpts://h/live/a, RTMPTS, 443",
        "RTMPTE://h/live/a, RTMPTE, 80",
        "ws://h/live/a, WS, 80",
        "wss://h:8443/live/a, WSS, 8443"
    })
    void theSchemeSaysTheWayAndThePort(String text, RtmpScheme scheme, int port) {
        var url = RtmpUrl.parse(text);
        assertThat(url.scheme()).isEqualTo(scheme);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.host()).isEqualTo("h");
        assertThat(url.app()).isEqualTo("live");
    }

    @ParameterizedTest
    @EnumSource
    void theServerIsToldTheSameSchemeAndNoPortThatGoesWithoutSaying(RtmpScheme scheme) {
        var usual = RtmpUrl.parse(scheme.label() + "://h/live/a");
        assertThat(usual.tcUrl()).isEqualTo(scheme.label() + "://h/live");
        var other = RtmpUrl.parse(scheme.label() + "://h:8080/live/a");
        assertThat(other.tcUrl()).isEqualTo(scheme.label() + "://h:8080/live");
    }

    @Test
    void aMoveOnTheSameServerKeepsTheScheme() {
        var url = RtmpUrl.parse("rtmpt://h:8080/live/a?key=k");
        var moved = url.at("/other").orElseThrow();
        assertThat(moved.scheme()).isEqualTo(RtmpScheme.RTMPT);
        assertThat(moved.tcUrl()).isEqualTo("rtmpt://h:8080/other");
        assertThat(url.at("//g/x").orElseThrow().tcUrl()).isEqualTo("rtmpt://g/x");
        assertThat(url.at("rtmp://g/x").orElseThrow().scheme()).isEqualTo(RtmpScheme.RTMP);
    }

    @Test
    void anUnknownSchemeIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> RtmpUrl.parse("rtmpx://h/live/a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rtmp://, rtmps://");
    }
}
