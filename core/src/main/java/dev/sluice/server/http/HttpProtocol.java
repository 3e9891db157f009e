package dev.sluice.server.http;

import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.Ports.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Recognises HTTP by its method, and brings connections into Vert.x with the gate around its codec.
///
/// @param settings port and limits
/// @param entry where connections enter Vert.x
/// @param onLimit told whenever a connection hits a limit
record HttpProtocol(HttpSettings settings, VertxBridge.Entry entry, BiConsumer<LimitKind, Channel> onLimit)
        implements Protocol {
    /// The methods of RFC 9110, and those that a browser or proxy may still send: each gets an answer that
    /// explains.
    private static final List<byte[]> METHODS = Stream.of(
                    "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "TRACE ", "CONNECT ", "PATCH ")
            .map(method -> method.getBytes(StandardCharsets.US_ASCII))
            .toList();

    @Override
    public String name() {
        return "http";
    }

    @Override
    public int port() {
        return settings.port();
    }

    @Override
    public String portSetting() {
        return "http.port (--http)";
    }

    @Override
    public Match match(ByteBuf first) {
        for (var method : METHODS) {
            int compared = Math.min(method.length, first.readableBytes());
            if (startsWith(first, method, compared)) {
                return compared == method.length ? Match.YES : Match.NEEDS_MORE;
            }
        }
        return Match.NO;
    }

    private static boolean startsWith(ByteBuf bytes, byte[] text, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void accept(Channel channel, ByteBuf first) {
        var gate = new RequestGate(
                settings.maxPipelinedRequests(),
                settings.requestHeadTimeoutMs(),
                kind -> onLimit.accept(kind, channel));
        var pipeline = channel.pipeline();
        pipeline.addLast(gate.clock());
        entry.adopt(channel);
        var encoder = pipeline.context(HttpResponseEncoder.class);
        if (encoder == null) {
            first.release();
            channel.close();
            throw new IllegalStateException("no HTTP codec where there was one in Vert.x 5.2.0: " + pipeline.names());
        }
        pipeline.addAfter(encoder.name(), "request-gate", gate);
        // From here on, and not from the head of the pipeline: TLS may stand there.
        var start = pipeline.context(gate.clock());
        gate.clock().channelRead(start, first);
        start.fireChannelReadComplete();
    }
}
