package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Strangers with bad manners on the HTTP port, and browsers that a foreign page sent. Each may lose its
/// own connection and nothing else.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadRequestIT {
    private static final Duration BY_DEADLINE = Duration.ofSeconds(20);

    @AutoClose
    private static SluiceProcess server;

    @AutoClose
    private static Canary canary;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve("--set", "http.requestHeadTimeoutMs=3000");
        canary = new Canary(server, "canary-http");
    }

    @Test
    void rtmpOnTheHttpPortIsClosed() {
        try (var stranger = RawRtmp.open(server.httpPort())) {
            var hello = new byte[1537];
            hello[0] = 3;
            stranger.send(hello);
            stranger.expectClosed(BY_DEADLINE);
        }
    }

    /// Everybody who keeps us waiting, at the same time.
    @Test
    void whoeverIsSlowIsClosedByADeadline() {
        var slow = new LinkedHashMap<String, RawRtmp>();
        slow.put("says nothing", RawRtmp.open(server.httpPort()));
        slow.put("half a request", RawRtmp.open(server.httpPort()).sendHex("474554202f"));
        slow.forEach((name, stranger) -> {
            Wait.until(name + " is closed", BY_DEADLINE, stranger::isClosed);
            stranger.close();
        });
    }

    @Test
    void slowLorisIsClosedByTheDeadlineOfARequest() {
        try (var loris = RawRtmp.open(server.httpPort()).sendHex("474554202f")) {
            Wait.until("slow loris is closed", BY_DEADLINE, () -> !loris.trySend(new byte[] {'a'}) || loris.isClosed());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/live/nobody.flv",
                "/live/nobody/index.m3u8",
                "/live/nobody/video_1.m4s",
                "/live/canary/no-such-segment.m4s",
                "/nothing",
                "/live",
                "/live/"
            })
    void whatIsNotThereIs404WithASentence(String path) {
        var answer = RawHttp.get(server.httpPort(), path);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("content-type")).startsWith("text/plain");
        assertThat(answer.body()).hasSizeBetween(10, 300).contains(" ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/live/..%2f..%2fetc/passwd", "/live/../../../etc/passwd", "/live/%2e%2e/%2e%2e/etc/passwd",
                        "/-/../../pom.xml",
                "/-/..%2f..%2flogback.xml", "/live/..\\..\\x.flv", "/live/%00.flv", "/live/a%20b.flv",
                "/live/%F0%9F%90%9F/index.m3u8", "/live/%252e%252e/index.m3u8", "//etc/passwd"
            })
    void noPathLeadsOutOfTheServer(String path) {
        var answer = RawHttp.get(server.httpPort(), path);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.body())
                .doesNotContain("root:")
                .doesNotContain("<project")
                .doesNotContain("<configuration");
    }

    @Test
    void namesOf4KiBInAPathAreRefused() {
        var answer = RawHttp.get(server.httpPort(), "/live/" + "a".repeat(4096) + ".flv");
        assertThat(answer.status()).isIn(400, 404, 414);
    }

    @Test
    void foreignPagesMayNotOpenTheWebSocket() {
        assertThat(upgrade("http://evil.example").status()).isEqualTo(403);
        assertThat(upgrade("null").status()).isEqualTo(403);
    }

    private static RawHttp.Answer upgrade(String origin) {
        return RawHttp.request(
                server.httpPort(),
                "GET /live/canary.mp4 HTTP/1.1",
                "Host: 127.0.0.1:" + server.httpPort(),
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Origin: " + origin);
    }

    /// A name of the attacker's that points at 127.0.0.1.
    @ParameterizedTest
    @ValueSource(strings = {"/", "/-/streams.json", "/live/canary.flv", "/live/canary/index.m3u8"})
    void aForeignHostIsNotAnsweredOnLoopback(String path) {
        var answer = RawHttp.request(
                server.httpPort(), "GET " + path + " HTTP/1.1", "Host: rebound.example", "Connection: close");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("http.hosts");
    }

    @Test
    void foreignPagesMayNotReadOverLoopback() {
        var answer = RawHttp.request(
                server.httpPort(),
                "GET /-/streams.json HTTP/1.1",
                "Host: 127.0.0.1:" + server.httpPort(),
                "Origin: http://evil.example",
                "Connection: close");
        assertThat(answer.header("access-control-allow-origin")).isEmpty();
    }

    @Test
    void requestSmugglingIsNotAnswered() {
        var answer = RawHttp.request(
                server.httpPort(),
                "GET / HTTP/1.1",
                "Host: 127.0.0.1:" + server.httpPort(),
                "Content-Length: 4",
                "Transfer-Encoding: chunked",
                "Connection: close");
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theCanaryLostNothing() {
        canary.assertUnharmed();
    }
}
