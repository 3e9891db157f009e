package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.hub.Loop;
import dev.sluice.server.netty.IoTransport;
import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.Ports.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpFrontTest {
    private static final Queue<Exchange> HELD = new ConcurrentLinkedQueue<>();
    private static final Map<Loop, Boolean> HTTP_LOOPS = new ConcurrentHashMap<>();
    private static final AtomicInteger GONE = new AtomicInteger();
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static final AtomicInteger BIG_ANSWERS = new AtomicInteger();
    /// One of them may fit into the buffers of both kernels, three do not.
    private static final int BIG_BYTES = 8_000_000;

    private static TestFront front;

    @BeforeAll
    static void start() throws Exception {
        front = new TestFront(TestFront.settings(List.of("tv.example"), List.of("*", "https://friend.example"), 400));
        front.http.get("/", exchange -> text(exchange, "page"));
        front.http.get("/{app}/{name}.txt", exchange -> {
            CALLS.incrementAndGet();
            HTTP_LOOPS.put(exchange.loop(), exchange.loop().inLoop());
            text(exchange, exchange.param("app") + "|" + exchange.param("name") + "|" + exchange.query());
        });
        front.http.get("/{app}/{name}/{file}", exchange -> text(exchange, "file " + exchange.param("file")));
        front.http.get("/held/{name}", exchange -> {
            exchange.onClosed(GONE::incrementAndGet);
            HELD.add(exchange);
        });
        front.http.get("/broken", exchange -> {
            throw new IllegalStateException("secret detail");
        });
        front.http.get("/twice", exchange -> {
            text(exchange, "once");
            text(exchange, "twice");
        });
        front.http.get("/big", exchange -> {
            BIG_ANSWERS.incrementAndGet();
            exchange.respond(200, "video/mp4", Map.of(), new byte[BIG_BYTES]);
        });
        front.http.webSocket("/ws/{name}", exchange -> exchange.fail(404, "no such stream"));
    }

    private static void text(Exchange exchange, String text) {
        exchange.respond(200, "text/plain", Map.of("X-Own", "1"), text.getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stop() {
        front.close();
    }

    @Test
    void answersPathsWithTheirParametersAndQuery() throws Exception {
        var answer = front.get("/live/eu/caf%C3%A9.txt?key=a%26b&x=1&x=2");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("live/eu|café|")
                .contains("key=a&b")
                .contains("x=2");
        assertThat(answer.headers().firstValue("X-Own")).contains("1");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Length")).isPresent();
        assertThat(front.get("/").body()).isEqualTo("page");
        assertThat(front.get("/live/cam/seg1.mp4").body()).isEqualTo("file seg1.mp4");
    }

    @Test
    void saysInASentenceThatNothingIsThere() throws Exception {
        var answer = front.get("/nothing/here/at/all/but.dots");

        assertThat(front.get("/nothing").statusCode()).isEqualTo(404);
        assertThat(front.get("/nothing").body()).isEqualTo("nothing is served under this path\n");
        assertThat(front.get("/nothing").headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(front.get("/nothing").headers().firstValue("X-Content-Type-Options"))
                .contains("nosniff");
        assertThat(answer.body()).startsWith("file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void refusesOtherMethodsAndSaysWhichItTakes(String method) throws Exception {
        var answer = front.send(method, "/live/cam.txt");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(answer.body()).isEqualTo("this path answers GET, HEAD, OPTIONS only\n");
        assertThat(front.send(method, "/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void answersHeadWithoutBody() throws Exception {
        var answer = front.send("HEAD", "/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Length")).contains("4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/live/%2e%2e/x.txt",
                "/live/..",
                "/live/a%2fb.txt",
                "/live/a%00.txt",
                "/live/%25.txt",
                "/live/...txt"
            })
    void refusesTricksInPaths(String path) throws Exception {
        int before = CALLS.get();
        var answer = front.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("the path may not hold");
        assertThat(CALLS).hasValue(before);
    }

    private static long hits(String kind) {
        return front.limits.counts().get(kind);
    }

    @Test
    void doesNotAnswerToForeignNamesOverLoopback() throws Exception {
        var refused = front.exchange("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assertThat(refused)
                .startsWith("HTTP/1.1 403 ")
                .contains("this server answers on loopback only; add 'evil.example' to http.hosts if")
                .doesNotContain("Access-Control");

        assertThat(front.exchange("GET / HTTP/1.1\r\nHost: tv.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(front.exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("a request names a path and its Host\n");
        assertThat(front.exchange("GET / HTTP/1.0\r\n\r\n")).contains(" 200 ").endsWith("page");
    }

    @Test
    void anAbsoluteTargetDoesNotGetPastTheHostCheck() throws Exception {
        assertThat(front.exchange("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(front.exchange("GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(front.exchange("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void letsLocalAndListedPagesReadAndNoOthers() throws Exception {
        var local = front.get("/", "Origin", "http://localhost:3000").headers();
        assertThat(local.firstValue("Access-Control-Allow-Origin")).contains("http://localhost:3000");
        assertThat(local.firstValue("Access-Control-Expose-Headers")).isPresent();
        assertThat(local.firstValue("Vary")).contains("Origin");

        var listed = front.get("/", "Origin", "https://friend.example").headers();
        assertThat(listed.firstValue("Access-Control-Allow-Origin")).contains("https://friend.example");

        var foreign = front.get("/", "Origin", "https://evil.example").headers();
        assertThat(foreign.firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(foreign.firstValue("Vary")).contains("Origin");
    }

    @Test
    void localPagesMayReadErrorsToo() throws Exception {
        var missing = front.get("/nothing", "Origin", "http://localhost:3000");

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("Access-Control-Allow-Origin")).contains("http://localhost:3000");
    }

    @Test
    void answersPreflightsWithRangeAndMaxAge() throws Exception {
        var allowed = front.send(
                "OPTIONS",
                "/live/cam.txt",
                "Origin",
                "http://localhost:3000",
                "Access-Control-Request-Method",
                "GET",
                "Access-Control-Request-Headers",
                "range");
        assertThat(allowed.statusCode()).isEqualTo(204);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains("http://localhost:3000");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods")).contains("GET, HEAD, OPTIONS");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("Range");
        assertThat(allowed.headers().firstValue("Access-Control-Max-Age")).contains("86400");

        var foreign = front.send("OPTIONS", "/live/cam.txt", "Origin", "https://evil.example");
        assertThat(foreign.headers().map()).doesNotContainKey("access-control-allow-methods");
    }

    @Test
    void aHandlerThatThrowsIsA500WithoutDetails() throws Exception {
        var answer = front.get("/broken");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("the server could not answer this; its log says why\n");
        assertThat(front.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aSecondAnswerIsAMistakeThatEndsTheConnection() throws Exception {
        var answer = front.exchange("GET /twice HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).doesNotContain("twice");
    }

    @Test
    void answersLaterFromAnotherThread() throws Exception {
        var answer = front.client()
                .sendAsync(
                        java.net.http.HttpRequest.newBuilder(front.uri("/held/later"))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString());
        await().until(() ->
                HELD.stream().anyMatch(exchange -> exchange.param("name").equals("later")));
        var held = HELD.stream()
                .filter(e -> e.param("name").equals("later"))
                .findFirst()
                .orElseThrow();
        held.loop().execute(() -> text(held, "at last"));

        assertThat(answer.get().body()).isEqualTo("at last");
        assertThat(held.remote().getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void noticesAClientThatLeavesBeforeTheAnswer() throws Exception {
        int before = GONE.get();
        var socket = front.connect();
        socket.getOutputStream()
                .write("GET /held/leaver HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        await().until(() ->
                HELD.stream().anyMatch(exchange -> exchange.param("name").equals("leaver")));

        socket.close();

        await().until(() -> GONE.get() == before + 1);
        var left = HELD.stream()
                .filter(e -> e.param("name").equals("leaver"))
                .findFirst()
                .orElseThrow();
        left.loop().execute(() -> left.fail(503, "too late"));
        assertThat(front.get("/").statusCode()).isEqualTo(200);
        assertThat(GONE).hasValue(before + 1);
    }

    @Test
    void explainsItselfToWhatIsNotHttp() throws Exception {
        assertThat(front.exchange("\u0003\u0000\u0000\u0000garbage\r\n\r\n"))
                .containsPattern("^HTTP/1.[01] 400 ")
                .contains("this is not an HTTP request")
                .contains("X-Content-Type-Options: nosniff");
        assertThat(front.exchange("GET / HTTP/1.1\r\nHost: localhost\r\n no colon\u0000\r\n\r\n"))
                .containsPattern("^HTTP/1.[01] 400 ");
    }

    @Test
    void refusesLinesAndHeadersWithoutEnd() throws Exception {
        assertThat(front.exchange("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n"))
                .containsPattern("^HTTP/1.[01] 414 ");
        assertThat(front.exchange("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n"))
                .containsPattern("^HTTP/1.[01] 431 ")
                .contains("the headers are more than 16384 bytes");
        assertThat(hits("http-request-line")).isEqualTo(1);
        assertThat(hits("http-headers")).isEqualTo(1);
    }

    @Test
    void dripsDoNotLengthenTheTimeForAHead() throws Exception {
        try (var socket = front.connect()) {
            var out = socket.getOutputStream();
            long before = hits("http-head-timeout");
            out.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));

            await().pollInterval(Duration.ofMillis(20)).until(() -> closedWhileDripping(socket));
            assertThat(hits("http-head-timeout")).isGreaterThan(before);
        }
    }

    @Test
    void dripsDoNotLengthenTheTimeForASecondHeadEither() throws Exception {
        try (var socket = front.connect()) {
            var out = socket.getOutputStream();
            out.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(TestFront.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            socket.getInputStream().readNBytes(4);
            out.write("GET".getBytes(StandardCharsets.US_ASCII));

            await().pollInterval(Duration.ofMillis(20)).until(() -> closedWhileDripping(socket));
        }
    }

    private static boolean closedWhileDripping(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aKeptConnectionMayRestLongerThanAHeadMayTake() throws Exception {
        try (var resting = front.connect();
                var dripping = front.connect()) {
            var request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            resting.getOutputStream().write(request);
            TestFront.head(resting.getInputStream());
            resting.getInputStream().readNBytes(4);
            dripping.getOutputStream().write('G');
            await().pollInterval(Duration.ofMillis(20)).until(() -> closedWhileDripping(dripping));

            resting.getOutputStream().write(request);

            assertThat(TestFront.head(resting.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        var requests = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            requests.append("GET /live/n").append(i).append(".txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        requests.append("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        var answers = front.exchange(requests.toString());

        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(12);
        assertThat(answers).containsSubsequence("live|n0|", "live|n1|", "live|n5|", "live|n9|", "page");
    }

    @Test
    void closesWhoPipelinesWithoutEnd() throws Exception {
        int before = CALLS.get();
        long hitsBefore = hits("http-pipeline");
        var requests = "GET /held/pipeline HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + "GET /live/x.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200);

        assertThatThrownBy(() -> {
                    if (front.exchange(requests).isEmpty()) {
                        throw new IOException("closed without a reset");
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(CALLS).hasValue(before);
        assertThat(hits("http-pipeline")).isEqualTo(hitsBefore + 1);
    }

    @Test
    void whoPipelinesAndDoesNotReadCostsOneAnswerAtATime() throws Exception {
        try (var socket = front.connect()) {
            socket.getOutputStream()
                    .write("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .repeat(6)
                            .getBytes(StandardCharsets.US_ASCII));
            await().during(Duration.ofMillis(300)).until(() -> BIG_ANSWERS.get() >= 1 && BIG_ANSWERS.get() <= 3);

            var all = socket.getInputStream();
            for (int i = 0; i < 6; i++) {
                assertThat(TestFront.head(all)).startsWith("HTTP/1.1 200 ");
                all.skipNBytes(BIG_BYTES);
            }
            assertThat(BIG_ANSWERS).hasValue(6);
        }
    }

    @Test
    void aRequestWithABodyIsTheLastOfItsConnection() throws Exception {
        assertThat(front.exchange("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx"))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("connection: close");
        assertThat(front.exchange("GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("404");
    }

    @Test
    void doesNotSpeakHttp2() throws Exception {
        assertThat(front.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).contains(" 501 ");
        try (var socket = front.connect()) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(TestFront.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aWebSocketHandlerMaySayNo() throws Exception {
        var answer = front.exchange("GET /ws/none HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 404 ").endsWith("no such stream\n");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void rawProtocolsAndHttpShareTheSameEpollLoops() throws Exception {
        Queue<Channel> raw = new ConcurrentLinkedQueue<>();
        var address = front.ports.offer(new RawProtocol(raw));
        // Open at the same time: of two in a row, the second may go where the first has just left.
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            var socket = new Socket(address.getAddress(), address.getPort());
            open.add(socket);
            socket.getOutputStream().write('R');
            assertThat(socket.getInputStream().read()).isEqualTo('K');
        }
        for (int i = 0; i < 8; i++) {
            var socket = front.connect();
            open.add(socket);
            socket.getOutputStream()
                    .write("GET /live/x.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(TestFront.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
        for (var socket : open) {
            socket.close();
        }

        assertThat(raw).hasSize(8).allMatch(EpollSocketChannel.class::isInstance);
        assertThat(front.loops().transport()).isEqualTo(IoTransport.EPOLL);
        assertThat(HTTP_LOOPS).hasSize(2).doesNotContainValue(false);
        assertThat(raw.stream().map(channel -> front.loops().of(channel.eventLoop())))
                .containsAll(List.copyOf(front.loops().all()))
                .allMatch(HTTP_LOOPS::containsKey);
    }

    private record RawProtocol(Queue<Channel> accepted) implements Protocol {
        @Override
        public String name() {
            return "raw";
        }

        @Override
        public int port() {
            return 0;
        }

        @Override
        public String portSetting() {
            return "raw.port";
        }

        @Override
        public Match match(ByteBuf first) {
            return first.getByte(first.readerIndex()) == 'R' ? Match.YES : Match.NO;
        }

        @Override
        public void accept(Channel channel, ByteBuf first) {
            first.release();
            accepted.add(channel);
            channel.writeAndFlush(channel.alloc().buffer().writeByte('K'));
        }
    }
}
