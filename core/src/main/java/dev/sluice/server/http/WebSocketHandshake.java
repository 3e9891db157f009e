package dev.sluice.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// The upgrade of a request to a WebSocket (RFC 6455 §4.2), and what is left to do for a viewer's WebSocket
/// afterwards: answer pings, answer a close, ignore the rest. No extensions, so nothing is ever compressed.
final class WebSocketHandshake {
    /// A viewer has nothing to say.
    private static final int MAX_CLIENT_FRAME_BYTES = 4096;

    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    /// Final close frame, 2 bytes, status 1000: the stream is over (RFC 6455 §5.5.1, §7.4.1).
    private static final byte[] CLOSE_FRAME = {(byte) 0x88, 2, 0x03, (byte) 0xE8};

    private WebSocketHandshake() {}

    /// Whether the client wants a WebSocket at all.
    static boolean asked(HttpServerRequest request) {
        return holdsToken(request.headers(), "Upgrade", "websocket");
    }

    /// Whether the request is one that can be accepted.
    static boolean valid(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.version() == HttpVersion.HTTP_1_1
                && asked(request)
                && holdsToken(request.headers(), "Connection", "upgrade")
                && "13".equals(request.getHeader("Sec-WebSocket-Version"))
                && validKey(request.getHeader("Sec-WebSocket-Key"));
    }

    private static boolean validKey(@org.jspecify.annotations.Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean holdsToken(MultiMap headers, String name, String token) {
        return headers.getAll(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .anyMatch(part -> part.strip().equalsIgnoreCase(token));
    }

    /// The head that accepts a valid request.
    ///
    /// @param subprotocol confirmed if the client offers it; empty for none
    static String acceptance(HttpServerRequest request, String subprotocol) {
        boolean offered = holdsToken(request.headers(), "Sec-WebSocket-Protocol", subprotocol);
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + acceptKey(request.getHeader("Sec-WebSocket-Key").strip()) + "\r\n"
                + (offered && !subprotocol.isEmpty() ? "Sec-WebSocket-Protocol: " + subprotocol + "\r\n" : "")
                + "\r\n";
    }

    private static String acceptKey(String key) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + ACCEPT_GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// The bytes that say goodbye.
    static byte[] closeFrame() {
        return CLOSE_FRAME.clone();
    }

    /// Reads what the client sends from now on. Answers go out between whole writes of the viewer's outlet.
    static void listen(ChannelPipeline pipeline) {
        var limits = WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(MAX_CLIENT_FRAME_BYTES)
                .withUTF8Validator(false)
                .build();
        pipeline.addLast(new WebSocket13FrameEncoder(false), new WebSocket13FrameDecoder(limits), new Control());
    }

    private static final class Control extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                ByteBuf sameStatus = close.content().retain();
                ctx.writeAndFlush(new CloseWebSocketFrame(true, 0, sameStatus))
                        .addListener(ChannelFutureListener.CLOSE);
            } else if (frame instanceof PingWebSocketFrame && ctx.channel().isWritable()) {
                // A client that asks and does not read gets no answer: its queue stays bounded.
                ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()), ctx.voidPromise());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
