package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Ports.Match;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One fuzz target for whatever this package reads of a request. Without `JAZZER_FUZZ=1` they only run their seeds.
class HttpFuzzTest {
    private static final int MAX_PIPELINED = 2;
    private static final Pattern LOCAL =
            Pattern.compile("(localhost|\\[::1]|127(\\.\\d{1,3}){3}|tv\\.example)(:\\d{0,5})?");
    private static final OriginPolicy POLICY = new OriginPolicy(List.of("tv.example"), List.of("*"));

    /// What passes is harmless, and written again, everything encoded, it is read the same.
    @FuzzTest(maxDuration = "10m")
    void requestTarget(byte[] bytes) {
        var target = new String(bytes, StandardCharsets.ISO_8859_1);
        RequestTarget read;
        try {
            read = RequestTarget.parse(target);
        } catch (BadRequest refused) {
            assertPrintable(refused.sentence());
            return;
        }
        for (var segment : read.segments()) {
            assertThat(segment).isNotIn(".", "..").doesNotContain("/", "\\", "%");
            assertThat(segment.chars().noneMatch(Character::isISOControl)).isTrue();
        }
        assertThat(target).contains(RequestTarget.authority(target));
        assertThat(parsed(written(read))).isEqualTo(read);
        new PathPattern("/{app}/{name}.flv").match(read.segments()).ifPresent(HttpFuzzTest::assertAreNames);
    }

    private static void assertAreNames(Map<String, String> parameters) {
        assertThat(parameters).containsOnlyKeys("app", "name");
        assertThat(parameters.values()).noneMatch(String::isEmpty);
    }

    private static RequestTarget parsed(String target) {
        try {
            return RequestTarget.parse(target);
        } catch (BadRequest e) {
            throw new AssertionError(target, e);
        }
    }

    private static String written(RequestTarget target) {
        var path = target.segments().stream().map(HttpFuzzTest::encoded).collect(Collectors.joining("/", "/", ""));
        var query = target.query().entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static String encoded(String text) {
        return HexFormat.of().withPrefix("%").formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Two lines, Host and Origin. Over loopback no foreign host is answered, and nobody puts words into an answer.
    @FuzzTest(maxDuration = "10m")
    void hostAndOrigin(byte[] bytes) {
        var lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", 2);
        var origin = lines.length == 2 ? Optional.of(lines[1]) : Optional.<String>empty();
        POLICY.hostProblem(true, lines[0])
                .ifPresentOrElse(
                        HttpFuzzTest::assertPrintable,
                        () -> assertThat(lines[0].toLowerCase(Locale.ROOT)).matches(LOCAL));
        POLICY.webSocketProblem(lines[0], origin).ifPresent(HttpFuzzTest::assertPrintable);
        for (boolean overLoopback : new boolean[] {true, false}) {
            POLICY.corsHeaders(overLoopback, origin).values().forEach(HttpFuzzTest::assertPrintable);
        }
    }

    /// HTTP and nothing else begins like HTTP; more bytes never change an answer once given.
    @FuzzTest(maxDuration = "10m")
    void httpProtocol(byte[] bytes) {
        var nobody = new VertxBridge.Entry(new ChannelInboundHandlerAdapter(), List.of());
        var protocol = new HttpProtocol(HttpSettings.DEFAULTS, nobody, (kind, channel) -> {});
        var before = Match.NEEDS_MORE;
        for (int length = 0; length <= bytes.length; length++) {
            var now = protocol.match(Unpooled.wrappedBuffer(bytes, 0, length));
            assertThat(now).isIn(before == Match.NEEDS_MORE ? List.of(Match.values()) : List.of(before));
            before = now;
        }
        assertThat(bytes.length <= "OPTIONS ".length() || before != Match.NEEDS_MORE)
                .isTrue();
    }

    /// However the bytes are cut, the same requests get through; while one waits for its answer none does, and only
    /// so many wait.
    @FuzzTest(maxDuration = "10m")
    void requestGate(byte[] bytes) {
        assertThat(passed(bytes, 1, true)).isEqualTo(passed(bytes, Math.max(1, bytes.length), true));
        assertThat(passed(bytes, Math.max(1, bytes.length), false)).hasSizeLessThanOrEqualTo(1);
    }

    private static List<String> passed(byte[] bytes, int step, boolean answer) {
        var hits = new ArrayList<LimitKind>();
        var gate = new RequestGate(MAX_PIPELINED, 10_000, hits::add);
        var server = new Answering(answer);
        var channel = new EmbeddedChannel(gate.clock(), new HttpServerCodec(512, 1_024, 512), gate, server);
        for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        channel.finishAndReleaseAll();
        assertThat(hits).allMatch(LimitKind.HTTP_PIPELINE::equals).hasSizeLessThanOrEqualTo(1);
        return server.requests;
    }

    private static final class Answering extends SimpleChannelInboundHandler<HttpObject> {
        private final List<String> requests = new ArrayList<>();
        private final boolean answer;

        private Answering(boolean answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
            if (message instanceof HttpRequest request) {
                requests.add(request.method() + " " + request.uri());
            }
            if (answer && message instanceof LastHttpContent last) {
                var status = last.decoderResult().isSuccess()
                        ? HttpResponseStatus.NO_CONTENT
                        : HttpResponseStatus.BAD_REQUEST;
                var response = new DefaultFullHttpResponse(io.netty.handler.codec.http.HttpVersion.HTTP_1_1, status);
                if (last.decoderResult().isFailure()) {
                    response.headers().set("Connection", "close");
                }
                ctx.writeAndFlush(response);
            }
        }
    }

    /// Headers as lines. An acceptance has its four lines and no other, whatever the client sent.
    @FuzzTest(maxDuration = "10m")
    void webSocketHandshake(byte[] bytes) {
        var headers = MultiMap.caseInsensitiveMultiMap();
        for (var line : new String(bytes, StandardCharsets.ISO_8859_1).split("\n")) {
            var header = line.split(":", 2);
            if (header.length == 2 && !header[0].isEmpty()) {
                headers.add(header[0], header[1]);
            }
        }
        var request = request(headers);
        if (WebSocketHandshake.valid(request)) {
            assertThat(WebSocketHandshake.asked(request)).isTrue();
            assertThat(WebSocketHandshake.acceptance(request, ""))
                    .matches("HTTP/1\\.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: [A-Za-z0-9+/]{27}=\r\n\r\n");
        }
    }

    /// A request of which only these headers are known.
    private static HttpServerRequest request(MultiMap headers) {
        return (HttpServerRequest) Proxy.newProxyInstance(
                HttpFuzzTest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "method" -> HttpMethod.GET;
                    case "version" -> HttpVersion.HTTP_1_1;
                    case "headers" -> headers;
                    case "getHeader" -> headers.get(arguments[0].toString());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /// What a viewer says on his WebSocket: the same answers however it is cut, never longer than what he sent.
    @FuzzTest(maxDuration = "10m")
    void webSocketFrames(byte[] bytes) {
        var whole = answers(bytes, Math.max(1, bytes.length));
        assertThat(answers(bytes, 1)).isEqualTo(whole);
        // A frame of a client has a mask of four bytes that ours has not; a violation is told by a close frame.
        assertThat(whole.length() / 2).isLessThanOrEqualTo(bytes.length + 128);
    }

    private static String answers(byte[] bytes, int step) {
        var channel = new EmbeddedChannel();
        WebSocketHandshake.listen(channel.pipeline());
        for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        channel.checkException();
        var answers = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            answers.append(ByteBufUtil.hexDump(out));
            out.release();
        }
        channel.finishAndReleaseAll();
        return answers.toString();
    }

    /// The same for a WebSocket that carries bytes: the same bytes arrive however they are cut.
    @FuzzTest(maxDuration = "10m")
    void webSocketStream(byte[] bytes) {
        assertThat(streamed(bytes, 1)).isEqualTo(streamed(bytes, Math.max(1, bytes.length)));
    }

    private static String streamed(byte[] bytes, int step) {
        var channel = new EmbeddedChannel();
        WebSocketStream.install(channel.pipeline(), 512);
        for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        channel.checkException();
        var arrived = new StringBuilder();
        for (ByteBuf in = channel.readInbound(); in != null; in = channel.readInbound()) {
            arrived.append(ByteBufUtil.hexDump(in));
            in.release();
        }
        channel.finishAndReleaseAll();
        return arrived.toString();
    }

    private static void assertPrintable(String text) {
        assertThat(text.chars().allMatch(c -> c == '…' || (c >= 0x20 && c < 0x7f)))
                .as(text)
                .isTrue();
        assertThat(text).hasSizeLessThan(1_000);
    }
}
