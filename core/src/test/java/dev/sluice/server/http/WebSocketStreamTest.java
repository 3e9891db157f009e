package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A WebSocket that carries bytes, with the client of the JDK.
@SuppressWarnings("FutureReturnValueIgnored") // what is sent comes back, or the connection ends
class WebSocketStreamTest {
    private static final int MAX_MESSAGE_BYTES = 1_000;
    private static TestFront front;

    @BeforeAll
    static void start() throws Exception {
        front = new TestFront(TestFront.SETTINGS);
        front.http.webSocket("/echo", exchange -> {
            var channel = exchange.takeOverStream("bytes", MAX_MESSAGE_BYTES);
            channel.pipeline().addLast(new Echo());
        });
    }

    @AfterAll
    static void stop() {
        front.close();
    }

    /// Says everything back; ends at the letter Q.
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var bytes = (ByteBuf) message;
            boolean quit = bytes.isReadable() && bytes.getByte(bytes.readerIndex()) == 'Q';
            context.write(bytes);
            context.writeAndFlush(Unpooled.EMPTY_BUFFER);
            if (quit) {
                context.channel().close();
            }
        }
    }

    private static final class Client implements WebSocket.Listener {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private volatile String pong = "";

        synchronized String heard() {
            return heard.toString(StandardCharsets.US_ASCII);
        }

        @Override
        public synchronized CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            var bytes = new byte[data.remaining()];
            data.get(bytes);
            heard.writeBytes(bytes);
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

    private static WebSocket open(Client client, String... subprotocols) throws Exception {
        var builder = front.client().newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0]);
        }
        var uri = URI.create("ws" + front.uri("/echo").toString().substring(4));
        return builder.buildAsync(uri, client).get(10, TimeUnit.SECONDS);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void bytesGoBothWaysWhereverMessagesEnd() throws Exception {
        var client = new Client();
        var socket = open(client, "bytes");
        assertThat(socket.getSubprotocol()).isEqualTo("bytes");
        socket.sendBinary(bytes("ab"), true).join();
        socket.sendBinary(bytes("cd"), false).join();
        socket.sendBinary(bytes("ef"), true).join();
        socket.sendPing(bytes("there?")).join();
        await().until(() -> client.heard().equals("abcdef"));
        await().until(() -> client.pong.equals("there?"));
        socket.sendBinary(bytes("Quit"), true).join();
        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
        assertThat(client.heard()).isEqualTo("abcdefQuit");
    }

    @Test
    void aGoodbyeIsAnswered() throws Exception {
        var client = new Client();
        var socket = open(client);
        assertThat(socket.getSubprotocol()).isEmpty();
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }

    @Test
    void textEndsTheConnection() throws Exception {
        var client = new Client();
        var socket = open(client);
        socket.sendText("hello", true).join();
        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1003);
    }

    @Test
    void aMessageThatIsTooLongEndsTheConnection() throws Exception {
        var client = new Client();
        var socket = open(client);
        socket.sendBinary(ByteBuffer.allocate(MAX_MESSAGE_BYTES + 1), true);
        await().until(client.closed::isDone);
        assertThat(client.heard()).isEmpty();
    }
}
