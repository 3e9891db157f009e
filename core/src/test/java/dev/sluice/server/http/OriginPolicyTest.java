package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {
    private static final String ALLOW = "Access-Control-Allow-Origin";

    private final OriginPolicy usual = new OriginPolicy(List.of(), List.of("*"));
    private final OriginPolicy named =
            new OriginPolicy(List.of("Tv.Example.com", "proxy:8443"), List.of("https://www.example.com"));

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.3.2.1", "[::1]:8080", "[::1]"})
    void loopbackAnswersToItsOwnNames(String host) {
        assertThat(usual.hostProblem(true, host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "127.0.0.1.example.com",
                "localhost.example.com:80",
                "",
                "128.0.0.1",
                "127.0.0.1@x"
            })
    void loopbackDoesNotAnswerToForeignNames(String host) {
        assertThat(usual.hostProblem(true, host)).isPresent();
    }

    @Test
    void theRefusalSaysWhatToWrite() {
        assertThat(usual.hostProblem(true, "example.com:80"))
                .contains(
                        "this server answers on loopback only; add 'example.com' to http.hosts if it is a name of this "
                                + "machine that a proxy forwards");
        assertThat(usual.hostProblem(true, "\u0007<é>" + "x".repeat(500)).orElseThrow())
                .contains("'?<?>xxx")
                .hasSizeLessThan(250);
    }

    @Test
    void namedHostsAreAnsweredOverLoopback() {
        assertThat(named.hostProblem(true, "tv.example.com:8080")).isEmpty();
        assertThat(named.hostProblem(true, "proxy:8443")).isEmpty();
        assertThat(named.hostProblem(true, "proxy:1")).isPresent();
    }

    @Test
    void anyHostIsAnsweredBeyondLoopback() {
        assertThat(usual.hostProblem(false, "media.example.org")).isEmpty();
    }

    @Test
    void beyondLoopbackAnyPageMayReadByDefault() {
        assertThat(usual.corsHeaders(false, Optional.of("https://a.example"))).containsEntry(ALLOW, "*");
        assertThat(usual.corsHeaders(false, Optional.empty())).containsEntry(ALLOW, "*");
    }

    @Test
    void overLoopbackOnlyLocalPagesMayRead() {
        assertThat(usual.corsHeaders(true, Optional.of("https://a.example"))).isEqualTo(Map.of("Vary", "Origin"));
        assertThat(usual.corsHeaders(true, Optional.of("null"))).isEqualTo(Map.of("Vary", "Origin"));
        assertThat(usual.corsHeaders(true, Optional.of("http://127.0.0.1.example")))
                .isEqualTo(Map.of("Vary", "Origin"));
        assertThat(usual.corsHeaders(true, Optional.of("http://localhost:3000")))
                .containsEntry(ALLOW, "http://localhost:3000")
                .containsEntry("Vary", "Origin");
    }

    @Test
    void listedPagesMayReadEverywhere() {
        for (var overLoopback : List.of(true, false)) {
            assertThat(named.corsHeaders(overLoopback, Optional.of("https://www.example.com")))
                    .containsEntry(ALLOW, "https://www.example.com")
                    .containsEntry("Vary", "Origin");
        }
        assertThat(named.corsHeaders(false, Optional.of("https://other.example")))
                .doesNotContainKey(ALLOW)
                .containsEntry("Vary", "Origin");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, http://localhost:8080",
        "localhost:8080, http://localhost:3000",
        "tv.example:80, https://TV.example",
        "[::1]:8080, http://[::1]:8080",
        "any, https://www.example.com"
    })
    void ownAndListedPagesMayOpenWebSockets(String host, String origin) {
        assertThat(named.webSocketProblem(host, Optional.of(origin))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, https://evil.example",
        "localhost:8080, http://localhost.evil.example",
        "localhost:8080, null",
        "localhost:8080, localhost:8080",
        "127.0.0.1, http://localhost"
    })
    void foreignPagesMayNotOpenWebSocketsWhateverTheStar(String host, String origin) {
        assertThat(usual.webSocketProblem(host, Optional.of(origin)).orElseThrow())
                .contains("'" + origin + "'")
                .contains("http.origins");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00e9://localhost",
                "http://localhost\u0000",
                "http://localhost ",
                "http://localhost/",
                "http://localhost:8080:",
                "http://localhost:",
                "http://localhost@",
                "http://user@localhost",
                "ftp://localhost",
                "xhttp://localhost",
                "http://\u212aocalhost",
                "://localhost",
                "http://",
                "http://[::1",
                "http://localhost, http://localhost"
            })
    void onlyWebOriginsInPlainLettersAreBelieved(String origin) {
        var listed = new OriginPolicy(List.of(), List.of(origin));
        for (var overLoopback : List.of(true, false)) {
            assertThat(listed.corsHeaders(overLoopback, Optional.of(origin))).isEqualTo(Map.of("Vary", "Origin"));
        }
        assertThat(listed.webSocketProblem("localhost", Optional.of(origin))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://LOCALHOST:1", "https://127.0.0.1", "HTTP://[::1]:65535"})
    void localPagesAreWrittenBackAsTheyCame(String origin) {
        assertThat(usual.corsHeaders(true, Optional.of(origin))).containsEntry(ALLOW, origin);
    }

    @Test
    void programsWithoutOriginMayOpenWebSockets() {
        assertThat(usual.webSocketProblem("localhost", Optional.empty())).isEmpty();
    }
}
