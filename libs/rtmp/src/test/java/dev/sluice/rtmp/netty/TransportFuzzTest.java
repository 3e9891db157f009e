package dev.sluice.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.handshake.HandshakeForm;
import dev.sluice.rtmp.session.ServerEvent;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/// What carries RTMP, given anything. Without `JAZZER_FUZZ=1` they only run their seeds.
@SuppressWarnings("FutureReturnValueIgnored") // an embedded channel does everything at once
class TransportFuzzTest {
    /// A server that answers anything to the requests of a tunnel: bytes above, or the end, and nothing leaks.
    @FuzzTest(maxDuration = "10m")
    void httpTunnel(byte[] bytes) {
        var channel = new EmbeddedChannel(
                new HttpClientCodec(), new HttpTunnel(RtmpUrl.parse("rtmpt://h/live/a")), new Swallow());
        feed(channel, bytes, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nid\n");
        channel.finishAndReleaseAll();
    }

    /// A server that answers anything to an upgrade, and sends anything after one.
    @FuzzTest(maxDuration = "10m")
    void webSocketCarrier(byte[] bytes) {
        var channel = new EmbeddedChannel();
        WebSocketCarrier.install(channel.pipeline(), RtmpUrl.parse("ws://h/live/a"));
        channel.pipeline().addLast(new Swallow());
        channel.pipeline().fireChannelActive();
        feed(channel, bytes, "");
        channel.close(); // a goodbye that cannot be said any more is no failure
        channel.releaseInbound();
        channel.releaseOutbound();
    }

    /// A client that may ask for RTMPE: at most one end.
    @FuzzTest(maxDuration = "10m")
    void scramblingDetector(byte[] bytes) {
        var ends = new ArrayList<ServerEvent>();
        var rtmp = new RtmpChannel((channel, event) -> {
                    if (event instanceof ServerEvent.Ended) {
                        ends.add(event);
                    }
                })
                .allowScrambling();
        var channel = new EmbeddedChannel(rtmp);
        assertThat(channel.pipeline().get(ScramblingDetector.class)).isNotNull();
        feed(channel, bytes, "");
        channel.finishAndReleaseAll();
        assertThat(ends).hasSize(1);
    }

    /// RTMPE as a client: its listener hears one thing.
    @FuzzTest(maxDuration = "10m")
    void scrambledStream(byte[] bytes) {
        List<String> heard = new ArrayList<>();
        var above = new Swallow();
        var channel = new EmbeddedChannel(above);
        ScrambledStream.putBelow(channel.pipeline().context(above), new ScrambledStream.Listener() {
            @Override
            public void onHandshake(HandshakeForm form) {
                heard.add("handshake");
            }

            @Override
            public void onFailure(RtmpException failure) {
                heard.add("failure");
            }
        });
        feed(channel, bytes, "");
        channel.finishAndReleaseAll();
        assertThat(heard).hasSizeLessThanOrEqualTo(1);
    }

    private static void feed(EmbeddedChannel channel, byte[] bytes, String before) {
        channel.writeInbound(Unpooled.copiedBuffer(before, java.nio.charset.StandardCharsets.US_ASCII));
        for (int at = 0; at < bytes.length && channel.isOpen(); at += 100) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(100, bytes.length - at)));
            channel.runPendingTasks();
        }
    }

    private static final class Swallow extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
    }
}
