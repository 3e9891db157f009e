package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
    @Test
    void anApplicationGetsTheStreamBehindIt() throws Exception {
        var place = Place.of("rtmp://127.0.0.1:1936/live", "");

        assertThat(place.protocol()).isEqualTo(Protocol.RTMP);
        assertThat(place.publishAddress("a").toString()).isEqualTo("rtmp://127.0.0.1:1936/live/a");
        assertThat(place.playUrl("a")).isEqualTo("rtmp://127.0.0.1:1936/live/a");
    }

    @Test
    void aKeyIsForThePublisherAlone() throws Exception {
        var place = Place.of("rtmp://127.0.0.1/live?key=secret", "");

        assertThat(place.publishAddress("a").name()).isEqualTo("a?key=secret");
        assertThat(place.playUrl("a")).doesNotContain("secret");
    }

    @Test
    void viewersMayPlayElsewhere() throws Exception {
        var place = Place.of("rtmp://127.0.0.1/live", "http://127.0.0.1:8080/live/{name}.flv");

        assertThat(place.protocol()).isEqualTo(Protocol.HTTP_FLV);
        assertThat(place.playUrl("a")).isEqualTo("http://127.0.0.1:8080/live/a.flv");
        assertThat(place.playAddress().getPort()).isEqualTo(8080);
        assertThat(place.publishes()).isTrue();
    }

    @Test
    void anythingElseIsPlayedOnly() throws Exception {
        assertThat(Place.of("http://127.0.0.1/live/a.flv", "").publishes()).isFalse();
        assertThat(Place.of("ws://127.0.0.1/live/a.mp4", "").protocol()).isEqualTo(Protocol.WS_FMP4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://h/a.flv", "http://h/a.m3u8", "h/live", "rtmp:///live", "rtmp://h:0/live"})
    void whatCannotBePlayedIsRefused(String target) {
        assertThatThrownBy(() -> Place.of(target, "")).isInstanceOf(LoadFailed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "10.1.2.3, true",
        "192.168.1.1, true",
        "172.16.0.1, true",
        "100.64.0.1, true",
        "169.254.1.1, true",
        "::1, true",
        "fd00::1, true",
        "fe80::1, true",
        "100.128.0.1, false",
        "172.32.0.1, false",
        "8.8.8.8, false",
        "2001:db8::1, false"
    })
    void privateNetworksAreKnown(String address, boolean isPrivate) throws Exception {
        assertThat(Place.isPrivate(InetAddress.getByName(address))).isEqualTo(isPrivate);
    }
}
