package dev.sluice.plugin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.Loop;
import dev.sluice.rtmp.netty.TunnelChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A tunnel whose far end says everything back.
@SuppressWarnings("FutureReturnValueIgnored") // a tunnel writes at once
class TunnelTest {
    private static final InetSocketAddress SOMEWHERE = InetSocketAddress.createUnresolved("somewhere", 1);
    private static final TunnelSettings SMALL = new TunnelSettings(true, 10, 10, 30_000, 4_096, 4_096);

    private final EventLoop eventLoop = new DefaultEventLoop();
    private final TunnelChannel channel = new TunnelChannel(SOMEWHERE, SOMEWHERE);
    private final List<String> limits = new ArrayList<>();
    private final Tunnel tunnel =
            new Tunnel(new Now(), channel, SMALL, () -> limits.add("idle"), () -> limits.add("too much"));

    private final class Now implements Loop {
        @Override
        public boolean inLoop() {
            return eventLoop.inEventLoop();
        }

        @Override
        public long nowNs() {
            return System.nanoTime();
        }

        @Override
        public void execute(Runnable task) {
            eventLoop.execute(task);
        }

        @Override
        public Cancellable after(long delayMs, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void open() {
        eventLoop.register(channel).syncUninterruptibly();
        inLoop(() -> channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                context.writeAndFlush(message);
            }
        }));
        inLoop(() -> {
            tunnel.start();
            return channel;
        });
    }

    @AfterEach
    void stop() {
        channel.close().syncUninterruptibly();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private <T> T inLoop(Callable<T> task) {
        return eventLoop.submit(task).syncUninterruptibly().getNow();
    }

    private String request(String number, int... body) {
        byte[] bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return ask(number, bytes).map(ByteBufUtil::hexDump).orElse("refused");
    }

    private Optional<byte[]> ask(String number, byte[] body) {
        return inLoop(() -> tunnel.request(number, body));
    }

    @Test
    void theFirstByteOfAnAnswerIsTheIntervalAndTheRestWhatIsThere() {
        assertThat(request("0", 3, 4)).isEqualTo("010304");
        assertThat(request("1")).isEqualTo("01");
        inLoop(() -> channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {9})));
        assertThat(request("2")).isEqualTo("0109");
    }

    @Test
    void theSameNumberAgainIsARetryWithTheSameAnswerAndIsNotDoneTwice() {
        request("0");
        assertThat(request("1", 7)).isEqualTo("0107");
        inLoop(() -> channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {9})));
        assertThat(request("1", 7)).isEqualTo("0107");
        assertThat(request("1", 7)).isEqualTo("0107");
        assertThat(request("2")).as("once only").isEqualTo("0109");
    }

    @Test
    void aClientMayBeginWithOne() {
        assertThat(request("1", 5)).isEqualTo("0105");
        assertThat(request("2", 6)).isEqualTo("0106");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "0", "-1", "1x", "", "99999999999999999999", "+2", "２"})
    void aNumberOutOfOrderEndsTheTunnel(String number) {
        request("0");
        request("1");
        assertThat(request(number)).isEqualTo("refused");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void largeAnswersGoOverManyRequests() {
        ByteBuf much = Unpooled.buffer().writeZero(10_000);
        inLoop(() -> channel.writeAndFlush(much));
        int received = 0;
        for (int n = 0; n < 4; n++) {
            int bytes = ask(Integer.toString(n), new byte[0]).orElseThrow().length;
            assertThat(bytes).isLessThanOrEqualTo(SMALL.answerMaxBytes());
            received += bytes - 1;
        }
        assertThat(received).isEqualTo(10_000);
    }

    @Test
    void whoHasNothingToHearIsToldToAskLessOften() {
        request("0", 1);
        String answer = "";
        for (int n = 1; n <= 60; n++) {
            answer = request(Integer.toString(n));
        }
        assertThat(answer).isEqualTo("21");
        assertThat(request("61", 5)).isEqualTo("0105");
    }

    @Test
    void moreThanMayWaitToBeReadEndsTheTunnel() {
        inLoop(() -> channel.config().setAutoRead(false));
        ask("0", new byte[100]); // taken by the read that was asked for before
        ask("1", new byte[3_000]);
        assertThat(channel.isOpen()).isTrue();
        assertThat(limits).isEmpty();
        ask("2", new byte[1_100]);
        assertThat(limits).containsExactly("too much");
        assertThat(channel.isOpen()).isFalse();
    }
}
