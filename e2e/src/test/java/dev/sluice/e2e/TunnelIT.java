package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// RTMPT, request by request: retries, foreign ids, tunnels nobody asks any more, and tricks that go over the
/// tunnel's connection. Somebody else plays meanwhile and notices nothing.
class TunnelIT {
    private static final byte[] NOTHING = {0};
    private static final int MAX_TUNNELS = 4;

    @AutoClose
    private static SluiceProcess server;

    private static Canary canary;

    @AutoClose
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(
                "--set", "rtmp.tunnel.idleMs=2000", "--set", "rtmp.tunnel.maxTunnels=" + MAX_TUNNELS);
        canary = new Canary(server, "canary-tunnel");
    }

    @AfterAll
    static void nobodyElseNoticed() {
        try (var last = canary) {
            last.assertUnharmed();
        }
    }

    private static HttpResponse<byte[]> post(String path, byte[] body, String... headers) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                    .timeout(Duration.ofSeconds(10))
                    .POST(BodyPublishers.ofByteArray(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static String open() {
        var opened = post("/open/1", NOTHING);
        assertThat(opened.statusCode()).isEqualTo(200);
        assertThat(opened.headers().firstValue("Content-Type")).contains("application/x-fcs");
        return new String(opened.body(), StandardCharsets.US_ASCII).strip();
    }

    private static byte[] firstPackets() {
        byte[] c0c1 = new byte[1 + 1536];
        c0c1[0] = 3;
        return c0c1;
    }

    @Test
    void aHandshakeGoesOverRequestsAndARetryGetsTheSameAnswer() {
        String id = open();
        assertThat(id).matches("[0-9a-f]{32}").isNotEqualTo(open());
        var answer = post("/send/" + id + "/0", firstPackets());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(1 + 1 + 1536 + 1536);
        assertThat(answer.body()[0]).isEqualTo((byte) 1);
        assertThat(answer.body()[1]).isEqualTo((byte) 3);
        var again = post("/send/" + id + "/0", firstPackets());
        assertThat(again.body()).as("not done twice").isEqualTo(answer.body());
        assertThat(post("/idle/" + id + "/1", NOTHING).body()).containsExactly(1);
        assertThat(post("/close/" + id + "/2", NOTHING).body()).containsExactly(0);
        assertThat(post("/idle/" + id + "/3", NOTHING).statusCode()).isEqualTo(404);
    }

    @Test
    void anIdThatWasNotGivenIsUnknownWhateverItIs() {
        assertThat(post("/fcs/ident2", NOTHING).statusCode()).isEqualTo(404);
        for (var id : new String[] {"0".repeat(32), "x", "f".repeat(200)}) {
            assertThat(post("/send/" + id + "/0", firstPackets()).statusCode()).isEqualTo(404);
            assertThat(post("/idle/" + id + "/0", NOTHING).statusCode()).isEqualTo(404);
            assertThat(post("/close/" + id, NOTHING).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aRequestOutOfOrderEndsItsTunnel() {
        String id = open();
        post("/send/" + id + "/0", firstPackets());
        assertThat(post("/idle/" + id + "/5", NOTHING).statusCode()).isEqualTo(409);
        assertThat(post("/idle/" + id + "/1", NOTHING).statusCode()).isEqualTo(404);
    }

    @Test
    void pagesOfOthersOpenNoTunnel() {
        assertThat(post("/open/1", NOTHING, "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
    }

    @Test
    void oneTunnelTooManyEndsTheOldestAndThoseNobodyAsksForAreClosed() {
        String oldest = open();
        String last = oldest;
        for (int i = 0; i < MAX_TUNNELS; i++) {
            last = open();
        }
        String gone = oldest;
        Wait.until(
                "the oldest tunnel is closed",
                Duration.ofSeconds(10),
                () -> post("/idle/" + gone + "/0", NOTHING).statusCode() == 404);
        assertThat(post("/idle/" + last + "/0", NOTHING).statusCode()).isEqualTo(200);
        server.awaitHit("rtmp-tunnels");
        long before = server.hits("rtmp-tunnel-idle-time");
        Wait.until(
                "nobody asks for the others",
                Duration.ofSeconds(20),
                () -> server.hits("rtmp-tunnel-idle-time") >= before + MAX_TUNNELS);
        assertThat(post("/idle/" + last + "/1", NOTHING).statusCode()).isEqualTo(404);
    }

    @Test
    void garbageInATunnelEndsThatTunnelOnly() {
        String bad = open();
        String good = open();
        post("/send/" + bad + "/0", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(post("/idle/" + bad + "/1", NOTHING).statusCode()).isEqualTo(404);
        assertThat(post("/send/" + good + "/0", firstPackets()).body()).hasSize(1 + 1 + 2 * 1536);
    }

    /// Two ideas of where a request ends are one too many: the connection of who has them ends, and what he
    /// hid in it is nobody's request.
    @Test
    void whoSmugglesARequestLosesHisConnectionOnly() throws IOException {
        String id = open();
        var hidden = "GET /hidden HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        for (var headers : new String[] {
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked, identity\r\nContent-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n"
        }) {
            var answers =
                    raw("POST /send/" + id + "/0 HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n0\r\n\r\n" + hidden);
            assertThat(answers).matches("(?s)HTTP/1\\.1 4\\d\\d .*").doesNotContain("nothing is served");
            assertThat(answers.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
        }
        assertThat(post("/send/" + id + "/0", firstPackets()).body())
                .as("the tunnel itself is as it was")
                .hasSize(1 + 1 + 2 * 1536);
    }

    private static String raw(String request) throws IOException {
        try (var socket = new java.net.Socket("127.0.0.1", server.httpPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            byte[] part = new byte[4096];
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                answer.writeBytes(Arrays.copyOf(part, n));
            }
            return answer.toString(StandardCharsets.US_ASCII);
        }
    }
}
