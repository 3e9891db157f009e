package dev.sluice.server.http;

import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import dev.sluice.server.netty.ChannelOutlet;
import dev.sluice.server.spi.Http;
import dev.sluice.server.spi.Ports;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One request on its way to an answer. An answer after the client left goes nowhere; a second answer is a
/// mistake.
final class HttpExchange implements Http.Exchange {
    private static final byte[] NOTHING = {};
    private static final byte[] LAST_CHUNK = ChunkedOutlet.LAST_CHUNK.getBytes(StandardCharsets.US_ASCII);

    private final HttpServerRequest request;
    private final Channel channel;
    private final Loop loop;
    private final Map<String, String> parameters;
    private final Map<String, String> query;
    private final Map<String, String> frontHeaders;
    private final Brought brought;
    private final Surroundings around;
    private boolean answered;

    /// What a request brought besides its head.
    ///
    /// @param webSocket whether it asks for one
    /// @param body all of it; empty if there was none, or nobody wanted it
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Brought(boolean webSocket, byte[] body) {}

    /// What an exchange needs of the front.
    ///
    /// @param ports told about connections that got what they asked for
    /// @param onTakenOver told about connections and how to end them, so that the front can
    record Surroundings(Ports ports, BiConsumer<Channel, Runnable> onTakenOver) {}

    HttpExchange(
            HttpServerRequest request,
            Loop loop,
            RequestTarget target,
            Map<String, String> parameters,
            Map<String, String> frontHeaders,
            Brought brought,
            Surroundings around) {
        this.request = request;
        this.channel = VertxBridge.channelOf(request);
        this.loop = loop;
        this.parameters = parameters;
        this.query = target.query();
        this.frontHeaders = frontHeaders;
        this.brought = brought;
        this.around = around;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress remote() {
        return around.ports().remote(channel);
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public String param(String name) {
        var value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path pattern has no parameter " + name);
        }
        return value;
    }

    @Override
    public Map<String, String> query() {
        return query;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    @Override
    public byte[] body() {
        return brought.body();
    }

    boolean answered() {
        return answered;
    }

    @Override
    public void respond(int status, String contentType, Map<String, String> headers, byte[] body) {
        markAnswered();
        if (!channel.isActive()) {
            return;
        }
        if (status < 400) {
            around.ports().admitted(channel);
        }
        send(request, status, contentType, frontHeaders, headers, body);
    }

    @Override
    public void fail(int status, String why) {
        respond(status, "text/plain; charset=utf-8", Map.of("Cache-Control", "no-store"), sentence(why));
    }

    static byte[] sentence(String why) {
        return (why + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Writes a whole answer. A request that brings a body that nobody wants is the last one of its connection: we do
    /// not wait for its end.
    static void send(
            HttpServerRequest request,
            int status,
            String contentType,
            Map<String, String> frontHeaders,
            Map<String, String> headers,
            byte[] body) {
        var response = request.response();
        response.setStatusCode(status);
        frontHeaders.forEach(response::putHeader);
        if (!contentType.isEmpty()) {
            response.putHeader("Content-Type", contentType);
        }
        headers.forEach(response::putHeader);
        if (status != 204 && status != 304) {
            response.putHeader("Content-Length", Integer.toString(body.length));
        }
        if (!request.isEnded() && bringsBody(request)) {
            response.putHeader("Connection", "close");
        }
        if (body.length == 0 || request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(VertxBridge.bufferOf(body));
        }
    }

    private static boolean bringsBody(HttpServerRequest request) {
        var length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null
                || (length != null && !length.strip().equals("0"));
    }

    @Override
    public Outlet takeOver(String contentType) {
        boolean headOnly = request.method().equals(HttpMethod.HEAD);
        boolean chunked = !brought.webSocket() && !headOnly && request.version() == HttpVersion.HTTP_1_1;
        // First the head: if it cannot be made, the request can still be answered.
        var head = brought.webSocket() ? WebSocketHandshake.acceptance(request, "") : endlessHead(contentType, chunked);
        markAnswered();
        try {
            var outlet = giveAway(head, chunked);
            if (headOnly) {
                outlet.close();
            }
            return outlet;
        } catch (RuntimeException e) {
            channel.close(); // neither HTTP nor a viewer any more: nobody else can end it
            throw e;
        }
    }

    @Override
    public Channel takeOverStream(String subprotocol, int maxMessageBytes) {
        if (!brought.webSocket()) {
            throw new IllegalStateException("only a WebSocket becomes a stream");
        }
        var head = WebSocketHandshake.acceptance(request, subprotocol);
        markAnswered();
        try {
            strip();
            channel.pipeline().addLast("head", new ChannelInboundHandlerAdapter());
            var plain = channel.pipeline().context("head");
            plain.writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII), plain.voidPromise());
            WebSocketStream.install(channel.pipeline(), maxMessageBytes);
            channel.config().setAutoRead(true);
            return channel;
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private Outlet giveAway(String head, boolean chunked) {
        around.ports().admitted(channel);
        var raw = viewer(chunked ? LAST_CHUNK : NOTHING);
        raw.write(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
        raw.flush();
        var outlet = chunked ? new ChunkedOutlet(raw) : raw;
        around.onTakenOver().accept(channel, brought.webSocket() ? () -> closeWebSocket(raw) : outlet::close);
        return outlet;
    }

    /// The owner of a WebSocket says goodbye himself, because he knows why. Where the front ends it instead, it says
    /// so; after the owner's goodbye the outlet takes no second one.
    private static void closeWebSocket(Outlet outlet) {
        outlet.write(Unpooled.wrappedBuffer(WebSocketHandshake.closeFrame()));
        outlet.close();
    }

    private String endlessHead(String contentType, boolean chunked) {
        var head = new StringBuilder("HTTP/1.1 200 OK\r\n");
        header(head, "Content-Type", contentType);
        header(head, "Cache-Control", "no-store");
        header(head, "Connection", "close");
        if (chunked) {
            header(head, "Transfer-Encoding", "chunked");
        }
        frontHeaders.forEach((name, value) -> header(head, name, value));
        return head.append("\r\n").toString();
    }

    private static void header(StringBuilder head, String name, String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("not a value of the header " + name);
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /// Takes the HTTP server out of the pipeline, last handler first so that none of them sees the others leave. TLS
    /// stays: whoever comes writes through it.
    private void strip() {
        var pipeline = channel.pipeline();
        while (pipeline.last() != null && !(pipeline.last() instanceof SslHandler)) {
            pipeline.removeLast();
        }
    }

    /// Puts the viewer's handlers in the place of the HTTP server.
    private ChannelOutlet viewer(byte[] farewell) {
        strip();
        var pipeline = channel.pipeline();
        pipeline.addLast("viewer", new ChannelInboundHandlerAdapter());
        var outlet = ChannelOutlet.behind(loop, pipeline.context("viewer"), farewell);
        if (brought.webSocket()) {
            WebSocketHandshake.listen(pipeline);
        }
        pipeline.addLast(IgnoreInput.INSTANCE);
        channel.config().setAutoRead(true);
        return outlet;
    }

    /// Keeps reading, so that the end of the connection is noticed, and forgets what it reads.
    @Sharable
    private static final class IgnoreInput extends ChannelInboundHandlerAdapter {
        static final IgnoreInput INSTANCE = new IgnoreInput();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, @Nullable Throwable cause) {
            ctx.close();
        }
    }

    @Override
    public void onClosed(Runnable gone) {
        request.response().closeHandler(closed -> {
            if (!answered) {
                answered = true;
                gone.run();
            }
        });
    }

    private void markAnswered() {
        if (answered && channel.isActive()) {
            throw new IllegalStateException("the request was answered already");
        }
        answered = true;
    }
}
