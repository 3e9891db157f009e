package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.hub.Outlet;
import dev.sluice.server.netty.SocketSettings;
import dev.sluice.server.spi.Http.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TakeOverTest {
    private final Queue<Outlet> outlets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger gone = new AtomicInteger();
    private final List<Socket> sockets = new ArrayList<>();
    private TestFront front;

    @BeforeEach
    void start() throws Exception {
        front = new TestFront(TestFront.settings(List.of(), List.of("https://friend.example"), 300));
        front.http.get("/{app}/{name}.flv", exchange -> takeOver(exchange, "video/x-flv"));
        front.http.get("/{app}/{name}.bad", TakeOverTest::takeOverWithABadHead);
        front.http.webSocket("/{app}/{name}.ws", exchange -> takeOver(exchange, ""));
    }

    private void takeOver(Exchange exchange, String contentType) {
        exchange.onClosed(() -> {
            throw new AssertionError("an exchange that was taken over is over");
        });
        var outlet = exchange.takeOver(contentType);
        outlet.onClosed(gone::incrementAndGet);
        outlets.add(outlet);
    }

    private static void takeOverWithABadHead(Exchange exchange) {
        try {
            exchange.takeOver("video/\u00e9");
        } catch (IllegalArgumentException e) {
            exchange.fail(500, "still here: " + e.getMessage());
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        front.close();
    }

    @Test
    void sendsAnEndlessHeadAndThenBytesPastTheEncoder() throws Exception {
        var viewer = watch("Origin: http://localhost:3000\r\n");

        var head = TestFront.head(viewer.getInputStream());
        assertThat(head)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: video/x-flv\r\n")
                .contains("Cache-Control: no-store\r\n")
                .contains("Connection: close\r\n")
                .contains("Access-Control-Allow-Origin: http://localhost:3000\r\n")
                .contains("X-Content-Type-Options: nosniff\r\n")
                .doesNotContain("\r\nContent-Length")
                .doesNotContain("chunked");

        var outlet = outlet();
        outlet.loop().execute(() -> {
            outlet.write(bytes("one "));
            outlet.write(bytes("two"));
            outlet.flush();
            outlet.close();
        });
        assertThat(new String(viewer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo("one two");
        await().until(() -> gone.get() == 1);
    }

    @Test
    void newClientsGetChunksSoThatTheyCanTellTheEnd() throws Exception {
        var viewer = front.connect();
        sockets.add(viewer);
        viewer.getOutputStream().write(ascii("GET /live/cam.flv HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        assertThat(TestFront.head(viewer.getInputStream())).contains("Transfer-Encoding: chunked\r\n");
        var outlet = outlet();
        outlet.loop().execute(() -> {
            outlet.write(bytes("one "));
            outlet.write(bytes("two"));
            outlet.flush();
            outlet.write(bytes("end"));
            outlet.close();
        });
        assertThat(new String(viewer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo("7\r\none two\r\n3\r\nend\r\n0\r\n\r\n");
    }

    @Test
    void manyViewersShareOneDirectBufferWithoutLeaks() throws Exception {
        int viewers = 20;
        for (int i = 0; i < viewers; i++) {
            TestFront.head(watch("").getInputStream());
        }
        await().until(() -> outlets.size() == viewers);
        assertThat(outlets.stream().map(Outlet::loop).distinct()).hasSize(2);
        int rounds = 10;
        int size = 5_000;
        var shared = Unpooled.directBuffer(rounds * size);
        for (int i = 0; i < rounds * size; i++) {
            shared.writeByte((i * 31) >> 3);
        }

        for (var outlet : outlets) {
            shared.retain();
            outlet.loop().execute(() -> writeSlices(outlet, shared, rounds, size));
        }

        var expected = new byte[rounds * size];
        shared.getBytes(0, expected);
        for (var socket : sockets) {
            assertThat(socket.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
        }
        await().until(() -> shared.refCnt() == 1);
        shared.release();
        assertThat(shared.refCnt()).isZero();
    }

    private static void writeSlices(Outlet outlet, ByteBuf shared, int rounds, int size) {
        for (int i = 0; i < rounds; i++) {
            outlet.write(shared.retainedSlice(i * size, size));
            outlet.flush();
        }
        shared.release();
    }

    @Test
    void viewersThatVanishReleaseWhatWasQueued() throws Exception {
        var viewer = watch("");
        TestFront.head(viewer.getInputStream());
        var outlet = outlet();
        var shared = Unpooled.directBuffer(64 * 1024).writeZero(64 * 1024);
        assertThat(fillUp(outlet, shared).waitingBytes()).isPositive();

        viewer.setSoLinger(true, 0);
        viewer.close();

        await().until(() -> gone.get() == 1);
        await().until(() -> shared.refCnt() == 1);
        onLoop(outlet, () -> outlet.write(shared.retainedSlice()));
        assertThat(shared.refCnt()).isEqualTo(1);
        shared.release();
    }

    @Test
    void aReaderThatStopsReadingTurnsUnwritableAndCostsBoundedMemory() throws Exception {
        var viewer = watch("");
        var in = viewer.getInputStream();
        TestFront.head(in);
        var outlet = outlet();
        var shared = Unpooled.directBuffer(64 * 1024).writeZero(64 * 1024);

        var filled = fillUp(outlet, shared);

        assertThat(filled.waitingBytes())
                .isPositive()
                .isLessThanOrEqualTo(SocketSettings.DEFAULTS.queueHighBytes() + 64 * 1024);
        assertThat(in.readNBytes(filled.takenBytes())).hasSize(filled.takenBytes());
        await().until(() -> filled.resumed().get() == 1);
        await().until(() -> shared.refCnt() == 1);
        shared.release();
    }

    @Test
    void aViewerThatDoesNotReadIsGoneSoonAfterTheOutletIsClosed() throws Exception {
        var viewer = watch("");
        TestFront.head(viewer.getInputStream());
        var outlet = outlet();
        var shared = Unpooled.directBuffer(64 * 1024).writeZero(64 * 1024);
        fillUp(outlet, shared);

        onLoop(outlet, outlet::close);

        await().until(() -> gone.get() == 1);
        await().until(() -> shared.refCnt() == 1);
        shared.release();
    }

    @Test
    void whatAViewerSendsIsForgotten() throws Exception {
        var viewer = watch("");
        TestFront.head(viewer.getInputStream());
        var noise = "GET /live/again.flv HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500);
        viewer.getOutputStream().write(noise.getBytes(StandardCharsets.US_ASCII));
        var outlet = outlet();
        onLoop(outlet, () -> {
            outlet.write(bytes("still here"));
            outlet.flush();
        });

        assertThat(viewer.getInputStream().readNBytes(10)).isEqualTo("still here".getBytes(StandardCharsets.US_ASCII));
        assertThat(outlets).hasSize(1);
    }

    @Test
    void headOfAnEndlessAnswerEnds() throws Exception {
        var answer = front.exchange("HEAD /live/cam.flv HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
        var outlet = outlet();
        var late = bytes("body");
        onLoop(outlet, () -> outlet.write(late));
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void webSocketViewersGetTheBytesAsFrames() throws Exception {
        var listener = new Frames();
        var socket = open(listener, "/live/cam.ws");
        var outlet = outlet();
        var shared = Unpooled.directBuffer().writeByte(0x82).writeByte(5).writeBytes(ascii("hello"));

        onLoop(outlet, () -> {
            outlet.write(shared.retainedSlice());
            outlet.write(shared.retainedSlice());
            outlet.flush();
        });
        await().until(() -> listener.messages.size() == 2);
        assertThat(listener.messages).containsExactly("hello", "hello");
        await().until(() -> shared.refCnt() == 1);
        shared.release();

        socket.sendPing(ByteBuffer.wrap(ascii("are you there"))).get(10, TimeUnit.SECONDS);
        await().until(() -> "are you there".equals(listener.pong));
        socket.sendText("a viewer has nothing to say", true).get(10, TimeUnit.SECONDS);

        onLoop(outlet, () -> {
            outlet.write(goodbye());
            outlet.close();
        });
        assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
        await().until(() -> gone.get() == 1);
    }

    @Test
    void aWebSocketEndsWithOneCloseFrameWhoeverEndsIt() throws Exception {
        var byOwner = upgraded();
        var outlet = outlet();
        onLoop(outlet, () -> {
            outlet.write(goodbye());
            outlet.close();
        });
        front.http.close();
        assertThat(byOwner.getInputStream().readAllBytes()).containsExactly(0x88, 2, 0x03, 0xE9);
    }

    @Test
    void theFrontClosesWebSocketsWithACloseFrame() throws Exception {
        var byFront = upgraded();
        var outlet = outlet();
        front.http.close();
        onLoop(outlet, () -> {
            outlet.write(goodbye());
            outlet.close();
        });
        assertThat(byFront.getInputStream().readAllBytes()).containsExactly(0x88, 2, 0x03, 0xE8);
    }

    /// A close frame of an owner, with a status that the front does not use.
    private static ByteBuf goodbye() {
        return Unpooled.wrappedBuffer(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE9});
    }

    private Socket upgraded() throws IOException {
        var viewer = front.connect();
        sockets.add(viewer);
        viewer.getOutputStream().write(ascii(upgrade("")));
        TestFront.head(viewer.getInputStream());
        return viewer;
    }

    @Test
    void anOriginThatIsNoTextIsAnsweredAndNotWrittenBack() throws Exception {
        var answer =
                front.exchange("HEAD /live/cam.flv HTTP/1.1\r\nHost: localhost\r\nOrigin: \u00e9://localhost\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("Access-Control");
    }

    @Test
    void aHeadThatCannotBeMadeLeavesTheRequestToBeAnswered() throws Exception {
        var answer = front.get("/live/cam.bad");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).startsWith("still here");
    }

    @Test
    void aCloseOfTheClientIsAnswered() throws Exception {
        var listener = new Frames();
        var socket = open(listener, "/live/cam.ws");

        socket.sendClose(1001, "leaving").get(10, TimeUnit.SECONDS);

        assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
        await().until(() -> gone.get() == 1);
    }

    @Test
    void framesThatBreakTheProtocolEndTheConnection() throws Exception {
        for (var broken : List.of("\u0081\u0002hi", "\u0082\u00ff\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")) {
            int before = gone.get();
            var viewer = front.connect();
            sockets.add(viewer);
            viewer.getOutputStream().write(upgrade("").getBytes(StandardCharsets.US_ASCII));
            TestFront.head(viewer.getInputStream());

            viewer.getOutputStream().write(broken.getBytes(StandardCharsets.ISO_8859_1));

            await().until(() -> gone.get() == before + 1);
        }
    }

    @Test
    void foreignPagesGetNoWebSocket() throws Exception {
        assertThat(front.exchange(upgrade("Origin: https://evil.example\r\n")))
                .startsWith("HTTP/1.1 403 ")
                .contains("pages of 'https://evil.example' may not open WebSockets here");
        assertThat(outlets).isEmpty();

        var friend = front.connect();
        sockets.add(friend);
        friend.getOutputStream()
                .write(upgrade("Origin: https://friend.example\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(TestFront.head(friend.getInputStream()))
                .startsWith("HTTP/1.1 101 ")
                // The example of RFC 6455 §1.3.
                .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                .doesNotContain("Sec-WebSocket-Extensions");
    }

    @Test
    void aPathForWebSocketsSaysSo() throws Exception {
        assertThat(front.get("/live/cam.ws").statusCode()).isEqualTo(426);
        assertThat(front.exchange("GET /live/cam.ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n"))
                .startsWith("HTTP/1.1 426 ")
                .contains("version 13");
    }

    @Test
    void viewersMayBeSilentLongerThanAHeadMayTake() throws Exception {
        var viewer = watch("");
        TestFront.head(viewer.getInputStream());
        try (var dripping = front.connect()) {
            dripping.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
            assertThat(dripping.getInputStream().read())
                    .as("closed by its deadline")
                    .isEqualTo(-1);
        }

        var outlet = outlet();
        onLoop(outlet, () -> {
            outlet.write(bytes("x"));
            outlet.flush();
        });

        assertThat(viewer.getInputStream().read()).isEqualTo('x');
        assertThat(gone).hasValue(0);
    }

    @Test
    void viewersMayBeSilentLongerThanAConnectionMayRest() throws Exception {
        try (var hasty = new TestFront(new HttpSettings(0, List.of(), List.of(), 16 * 1024, 10_000, 200, 16))) {
            hasty.http.get("/", exchange -> exchange.fail(404, "nothing"));
            hasty.http.get("/{app}/{name}.flv", exchange -> takeOver(exchange, "video/x-flv"));
            var viewer = hasty.connect();
            var resting = hasty.connect();
            sockets.addAll(List.of(viewer, resting));
            viewer.getOutputStream().write(ascii("GET /live/cam.flv HTTP/1.0\r\nHost: localhost\r\n\r\n"));
            TestFront.head(viewer.getInputStream());
            resting.getOutputStream().write(ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            resting.getInputStream().readAllBytes();

            var outlet = outlet();
            onLoop(outlet, () -> {
                outlet.write(bytes("x"));
                outlet.flush();
            });

            assertThat(viewer.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void stopsSoonWhateverTheClientsDo() throws Exception {
        var frozen = watch("");
        TestFront.head(frozen.getInputStream());
        var shared = Unpooled.directBuffer(64 * 1024).writeZero(64 * 1024);
        fillUp(outlet(), shared);
        var idle = front.connect();
        sockets.add(idle);
        idle.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        TestFront.head(idle.getInputStream());
        var listener = new Frames();
        open(listener, "/live/cam.ws");
        await().until(() -> outlets.size() == 2);

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            front.ports.close();
            front.http.close();
        });

        assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        await().until(() -> gone.get() == 2);
        await().until(() -> shared.refCnt() == 1);
        shared.release();
    }

    /// An outlet that took what it wanted, and stayed full for a moment.
    ///
    /// @param waitingBytes of those it took, what the kernel did not take
    /// @param resumed how often it wanted more since
    private record Filled(int takenBytes, int waitingBytes, AtomicInteger resumed) {}

    private static Filled fillUp(Outlet outlet, ByteBuf shared) {
        var taken = new AtomicInteger();
        return await().until(
                        () -> fill(outlet, shared, taken).get(10, TimeUnit.SECONDS),
                        filled -> filled.waitingBytes() > 0);
    }

    /// Nothing waits where the kernel took the rest of its share a moment later.
    private static CompletableFuture<Filled> fill(Outlet outlet, ByteBuf shared, AtomicInteger taken) {
        var filled = new CompletableFuture<Filled>();
        var loop = outlet.loop();
        loop.execute(() -> {
            while (outlet.writable()) {
                outlet.write(shared.retainedSlice());
                outlet.flush();
                taken.addAndGet(shared.readableBytes());
            }
            loop.after(20, () -> {
                var resumed = new AtomicInteger();
                outlet.onWritable(resumed::incrementAndGet);
                int waiting = outlet.writable() ? 0 : (shared.refCnt() - 1) * shared.readableBytes();
                filled.complete(new Filled(taken.get(), waiting, resumed));
            });
        });
        return filled;
    }

    private Socket watch(String headers) throws IOException {
        var viewer = front.connect();
        sockets.add(viewer);
        viewer.getOutputStream()
                .write(("GET /live/cam.flv HTTP/1.0\r\nHost: localhost\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return viewer;
    }

    private static String upgrade(String headers) {
        return "GET /live/cam.ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate\r\n" + headers + "\r\n";
    }

    private WebSocket open(WebSocket.Listener listener, String path) throws Exception {
        int before = outlets.size();
        var socket = front.client()
                .newWebSocketBuilder()
                .buildAsync(
                        java.net.URI.create("ws" + front.uri(path).toString().substring(4)), listener)
                .get(10, TimeUnit.SECONDS);
        await().until(() -> outlets.size() == before + 1);
        return socket;
    }

    private Outlet outlet() {
        await().until(() -> !outlets.isEmpty());
        return outlets.element();
    }

    private static void onLoop(Outlet outlet, Runnable task) throws InterruptedException, ExecutionException {
        CompletableFuture.runAsync(task, outlet.loop()).get();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static final class Frames implements WebSocket.Listener {
        private final Queue<String> messages = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private volatile String pong = "";

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            messages.add(StandardCharsets.US_ASCII.decode(data).toString());
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            pong = StandardCharsets.US_ASCII.decode(message).toString();
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            closed.complete(statusCode);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
