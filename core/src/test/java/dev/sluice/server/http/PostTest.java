package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests with bodies: which are taken, and that no trick with their length gets a second request past us.
class PostTest {
    private static final Queue<String> TAKEN = new ConcurrentLinkedQueue<>();
    private static TestFront front;

    @BeforeAll
    static void start() throws Exception {
        front = open(60_000);
    }

    private static TestFront open(int bodyTimeoutMs) throws Exception {
        var opened = new TestFront(TestFront.settings(List.of(), List.of("https://friend.example"), bodyTimeoutMs));
        opened.http.post("/box/{name}", 10, exchange -> {
            var body = new String(exchange.body(), StandardCharsets.US_ASCII);
            TAKEN.add(exchange.param("name") + "=" + body);
            exchange.respond(200, "text/plain", Map.of(), ("got " + body).getBytes(StandardCharsets.US_ASCII));
        });
        opened.http.get("/page", exchange -> exchange.respond(200, "text/plain", Map.of(), new byte[] {'p'}));
        return opened;
    }

    @AfterAll
    static void stop() {
        front.close();
    }

    @BeforeEach
    void forget() {
        TAKEN.clear();
    }

    private static String post(String headers, String body) {
        return "POST /box/a HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
    }

    @Test
    void takesBodiesOneAfterTheOtherOverOneConnection() throws Exception {
        var answers = front.exchange(post("Content-Length: 3\r\n", "one")
                + post("Content-Length: 0\r\n", "")
                + post("Content-Length: 3\r\nConnection: close\r\n", "two"));
        assertThat(TAKEN).containsExactly("a=one", "a=", "a=two");
        assertThat(answers).contains("got one", "got two");
        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
    }

    @Test
    void aBodyMayComeInPieces() throws Exception {
        try (var socket = front.connect()) {
            socket.getOutputStream().write(ascii(post("Content-Length: 4\r\nConnection: close\r\n", "ab")));
            socket.getOutputStream().flush();
            assertThat(TAKEN).isEmpty();
            socket.getOutputStream().write(ascii("cd"));
            assertThat(text(socket.getInputStream().readAllBytes())).endsWith("got abcd");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "411, Transfer-Encoding: chunked|",
        "400, Content-Length: 5|Transfer-Encoding: chunked|",
        "400, 'Transfer-Encoding: chunked, identity|Content-Length: 5|'",
        "400, Transfer-Encoding: identity|Content-Length: 5|",
        "400, Content-Length: 5|Content-Length: 6|",
        "400, Content-Length: 5x|",
        "400, Content-Length: -5|",
        "400, Content-Length: +5|",
        "413, Content-Length: 11|",
        "413, Content-Length: 99999999999|",
        "417, Content-Length: 5|Expect: 100-continue|",
        "411, X: y|"
    })
    void whatHasNoSingleLengthIsTheLastThingHeardOnItsConnection(int status, String headers) throws Exception {
        var smuggled = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";
        var answer = front.exchange(post(headers.replace("|", "\r\n"), "0\r\n\r\n" + smuggled));
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").containsIgnoringCase("connection: close");
        assertThat(answer.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
        assertThat(TAKEN).isEmpty();
        assertThat(front.get("/page").body()).as("others notice nothing").isEqualTo("p");
    }

    @Test
    void anOldClientIsRefused() throws Exception {
        var answer = front.exchange("POST /box/a HTTP/1.0\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
        assertThat(answer).contains(" 505 ");
        assertThat(TAKEN).isEmpty();
    }

    @Test
    void pagesOfOthersMayNotPost() throws Exception {
        assertThat(front.exchange(post("Origin: https://evil.example\r\nContent-Length: 1\r\n", "x")))
                .startsWith("HTTP/1.1 403 ")
                .contains("pages of 'https://evil.example' may not use this here");
        assertThat(TAKEN).isEmpty();
        assertThat(front.exchange(
                        post("Origin: https://friend.example\r\nContent-Length: 1\r\nConnection: close\r\n", "x")))
                .startsWith("HTTP/1.1 200 ");
        assertThat(TAKEN).containsExactly("a=x");
    }

    @Test
    void aForeignHostIsRefusedBeforeItsBody() throws Exception {
        var answer = front.exchange("POST /box/a HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1\r\n\r\nx");
        assertThat(answer).startsWith("HTTP/1.1 403 ");
        assertThat(TAKEN).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void otherMethodsAreTold(String method) throws Exception {
        var answer = front.send(method, "/box/a");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void aBodyThatDripsEndsItsConnectionAndIsCounted() throws Exception {
        try (var hasty = open(300)) {
            assertThat(hasty.exchange(post("Content-Length: 5\r\n", "x"))).isEmpty();
            assertThat(hasty.limits.counts()).containsEntry("http-body-timeout", 1L);
        }
        assertThat(TAKEN).isEmpty();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
