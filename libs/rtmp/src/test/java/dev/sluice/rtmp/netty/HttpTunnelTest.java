package dev.sluice.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.RtmpUrl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("FutureReturnValueIgnored") // an embedded channel does everything at once
class HttpTunnelTest {
    private final MockTicker ticker = Ticker.newMockTicker();
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    private final List<String> failures = new ArrayList<>();
    private final EmbeddedChannel channel = EmbeddedChannel.builder()
            .ticker(ticker)
            .handlers(new HttpTunnel(RtmpUrl.parse("rtmpt://h:8080/live/a")), new Above())
            .build();

    private final class Above extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            arrived.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failures.add(String.valueOf(cause.getMessage()));
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /// The next request, as `path body`; empty if there is none.
    private String asked() {
        FullHttpRequest request = channel.readOutbound();
        if (request == null) {
            return "";
        }
        assertThat(request.method().name()).isEqualTo("POST");
        assertThat(request.headers().get("Host")).isEqualTo("h:8080");
        assertThat(request.headers().getInt("Content-Length"))
                .isEqualTo(request.content().readableBytes());
        String text = request.uri() + " " + ByteBufUtil.hexDump(request.content());
        request.release();
        return text;
    }

    private void answer(String text) {
        answer(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void answer(ByteBuf body) {
        channel.writeInbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body));
    }

    private void say(int... bytes) {
        ByteBuf said = Unpooled.buffer();
        for (int b : bytes) {
            said.writeByte(b);
        }
        channel.writeAndFlush(said);
    }

    private void pass(long ms) {
        ticker.advance(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void opensAndSendsWhatWasSaidMeanwhileThenOneRequestAtATime() {
        say(3);
        assertThat(asked()).isEqualTo("/open/1 00");
        say(4);
        assertThat(asked()).as("no id yet").isEmpty();
        answer("abc_-9\n");
        assertThat(asked()).isEqualTo("/send/abc_-9/0 0304");
        say(5);
        say(6, 7);
        assertThat(asked()).as("one at a time").isEmpty();
        answer("\u0001");
        assertThat(asked()).isEqualTo("/send/abc_-9/1 050607");
        assertThat(failures).isEmpty();
    }

    @Test
    void whatAnswersBringArrivesWithoutTheIntervalHoweverItIsCut() {
        asked();
        answer("id\n");
        say(1);
        asked();
        channel.writeInbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[] {9})));
        channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[] {10, 11})));
        channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[] {12})));
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(arrived.toByteArray()).containsExactly(10, 11, 12);
    }

    @Test
    void asksAgainAndAgainWhetherThereIsSomethingSoonerWhileThereIs() {
        asked();
        answer("id\n");
        assertThat(asked()).isEmpty();
        pass(50);
        assertThat(asked()).isEqualTo("/idle/id/0 00");
        pass(1_000);
        assertThat(asked()).as("while an answer is awaited nothing is asked").isEmpty();
        answer("\u0001xyz");
        pass(10);
        assertThat(asked()).isEqualTo("/idle/id/1 00");
        answer("\u0021");
        pass(49);
        assertThat(asked()).isEmpty();
        say(8);
        assertThat(asked()).as("what is said does not wait").isEqualTo("/send/id/2 08");
    }

    @Test
    void largeMessagesGoOverManyRequestsAndTheWriterIsHeldBack() {
        asked();
        answer("id\n");
        channel.write(Unpooled.buffer().writeZero(300_000));
        assertThat(channel.isWritable()).isFalse();
        channel.flush();
        int sent = 0;
        for (String request = asked(); !request.startsWith("/idle"); request = asked()) {
            sent += (request.length() - request.indexOf(' ') - 1) / 2;
            answer("\u0001");
            pass(50);
        }
        assertThat(sent).isEqualTo(300_000);
        assertThat(channel.isWritable()).isTrue();
    }

    @Test
    void saysGoodbyeOnceWithWhatWasLeft() {
        asked();
        answer("id\n");
        channel.write(Unpooled.wrappedBuffer(new byte[] {7}));
        channel.close();
        assertThat(asked()).isEqualTo("/send/id/0 07");
        assertThat(asked()).isEqualTo("/close/id/1 00");
        assertThat(asked()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "a/b\n",
                "a b\n",
                "../../x\n",
                "1234567890123456789012345678901234567890123456789012345678901234\n"
            })
    void aServerThatNamesNoUsableTunnelIsLeft(String id) {
        asked();
        answer(id);
        assertThat(failures).containsExactly("the server names no tunnel");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aServerWithoutTunnelsIsLeft() {
        asked();
        channel.writeInbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND));
        assertThat(failures).containsExactly("the server has no tunnel for us: HTTP 404 Not Found");
        assertThat(channel.isOpen()).isFalse();
    }
}
