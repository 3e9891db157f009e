package dev.sluice.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPathTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "a/b | c/d | a/b/c | d | {}",
                "a/b/c | d | a/b/c | d | {}",
                "live/k?t=1 | 2 | live/k | 2 | {t=1}",
                "live?vhost=a | k | live | k | {vhost=a}",
                "/live | k | live | k | {}",
                "live | a%20b | live | a b | {}",
                "live | a b | live | a b | {}",
                "live/key?x=1 | '' | live | key | {x=1}",
                "live/_definst_ | k?a=1&b=2 | live | k | {a=1, b=2}",
                "live/ | mp4:x.mp4 | live | x | {}",
                "live | mp4:x | live | x | {}",
                "live | flv:x.flv | live | x | {}",
                "live | x.flv | live | x | {}",
                "live | x.mp4 | live | x.mp4 | {}",
                "live | ?token=z | live | '' | {token=z}",
                "live/k | ?token=z | live | k | {token=z}",
                "live/_definst_/sub | k | live/sub | k | {}",
                "live/_definst_/k?a=1 | ?b=2 | live | k | {a=1, b=2}",
                "live/_definst_/k | '' | live | k | {}",
                "live | k?a=1?b=2;c | live | k | {a=1, b=2, c=}",
                "live | k?key=a%2Bb+c%26d | live | k | {key=a+b+c&d}",
                "live/test?asd/asd | stream | live/test | stream | {asd/asd=}",
                "' live ' | \"k\" | live | k | {}",
                "live//x | //k | live/x | k | {}",
            },
            delimiter = '|',
            quoteCharacter = '\'')
    void joinsWhatClientsCutDifferently(
            String app, String name, String expectedApp, String expectedName, String query) {
        StreamPath path = StreamPath.of("", app, name);
        assertThat(path.app()).isEqualTo(expectedApp);
        assertThat(path.name()).isEqualTo(expectedName);
        assertThat(path.query()).hasToString(query);
    }

    @Test
    void theQueryOfTheNameWinsOverThatOfTheApplicationAndTheTcUrl() {
        StreamPath path = StreamPath.of("rtmp://h/live?a=tc&b=tc&c=tc", "live?a=app&b=app", "k?a=name");
        assertThat(path.query()).isEqualTo(Map.of("a", "name", "b", "app", "c", "tc"));
    }

    @Test
    void keepsTheRawFormsButNeverShowsAKey() {
        StreamPath path = StreamPath.of("rtmp://h/live", "live", "k?key=SECRET");
        assertThat(path.rawName()).isEqualTo("k?key=SECRET");
        assertThat(path.rawApp()).isEqualTo("live");
        assertThat(path).hasToString("live/k");
        assertThat(path.problem()).isEmpty();
    }

    @Test
    void stripsQuotesAroundATcUrl() {
        assertThat(StreamPath.unquote("'rtmp://h/app'")).isEqualTo("rtmp://h/app");
        assertThat(StreamPath.unquote("'")).isEqualTo("'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/x",
                "..%2f..%2fx",
                "a/../../b",
                "a\\..\\b",
                "a\u0000b",
                "a%00b",
                "%2e%2e/x",
                "%252e%252e",
                "a b",
                "\ud83d\ude00",
                ".hidden",
                "-option",
                "con",
                "NUL.txt",
                "a..b",
                "k<script>",
                "k\r\nFAKE",
                "é",
                "?token=z",
                ""
            })
    void refusesNamesOutsideTheGrammar(String name) {
        assertThat(StreamPath.of("", "live", name).problem()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a b", "aux", "-x", ".git", "a/b/c/d/e/f/g/h/i", "a\u0000"})
    void refusesApplicationsOutsideTheGrammar(String app) {
        assertThat(StreamPath.of("", app, "k").problem()).isPresent();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(StreamPath.of("", "live", "k".repeat(128)).problem()).isEmpty();
        assertThat(StreamPath.of("", "live", "k".repeat(129)).problem()).isPresent();
        assertThat(StreamPath.of("", "live", "k?token=" + "t".repeat(2048)).problem())
                .isEmpty();
        assertThat(StreamPath.of("", "live", "k?token=" + "t".repeat(4096)).problem())
                .isPresent();
        assertThat(StreamPath.of("", "live", "x".repeat(4096)).problem()).isPresent();
    }

    @Test
    void problemsNeverRepeatWhatTheClientSent() {
        assertThat(StreamPath.of("", "live", "<script>").problem().orElseThrow())
                .doesNotContain("script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "a_B-9", "cam~1", "u=1@x+y:z", "0", "_x", "k.v2"})
    void acceptsOrdinaryNames(String name) {
        assertThat(StreamPath.of("", "live/sub.app", name).problem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rtmp://h/live/k, h, 1935, live, k, rtmp://h/live",
        "rtmp://H:1936/a/b/k?x=1/2, h, 1936, a/b, k?x=1/2, rtmp://h:1936/a/b",
        "RTMP://u:p@h/live/k, h, 1935, live, k, rtmp://h/live",
        "rtmp://[::1]:19350/live/k, ::1, 19350, live, k, rtmp://[::1]:19350/live",
    })
    void takesAnAddressApart(String url, String host, int port, String app, String name, String tcUrl) {
        RtmpUrl parsed = RtmpUrl.parse(url);
        assertThat(parsed).isEqualTo(new RtmpUrl(host, port, app, name, parsed.login()));
        assertThat(parsed.tcUrl()).isEqualTo(tcUrl);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h/live/k",
                "rtmp://h",
                "rtmp://h/live",
                "rtmp:///live/k",
                "rtmp://h:0/live/k",
                "rtmp://h:x/live/k",
                "rtmp://h:99999/live/k",
                "rtmp://h/live/",
                ""
            })
    void refusesAddressesThatNameNoStream(String url) {
        assertThatThrownBy(() -> RtmpUrl.parse(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsUserAndPasswordApart() {
        assertThat(RtmpUrl.parse("rtmp://u:p:q%40@h/live/k").login()).isEqualTo(new RtmpUrl.Login("u", "p:q%40"));
        assertThat(RtmpUrl.parse("rtmp://u@h/live/k").login()).isEqualTo(new RtmpUrl.Login("u", ""));
        assertThat(RtmpUrl.parse("rtmp://h/live/k").login()).isEqualTo(RtmpUrl.Login.NONE);
    }

    @Test
    void anAddressNeverShowsItsKey() {
        assertThat(RtmpUrl.parse("rtmp://u:SECRET@h/live/k")).hasToString("rtmp://h/live/k");
        assertThat(RtmpUrl.parse("rtmp://h/live/k?key=SECRET")).hasToString("rtmp://h/live/k");
    }
}
