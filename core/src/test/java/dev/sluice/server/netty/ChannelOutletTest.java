package dev.sluice.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelOutletTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ChannelOutlet outlet = outletIn(channel, "bye");

    private static ChannelOutlet outletIn(EmbeddedChannel channel, String farewell) {
        channel.pipeline().addLast("viewer", new ChannelInboundHandlerAdapter());
        return ChannelOutlet.behind(
                new EmbeddedLoop(channel),
                channel.pipeline().context("viewer"),
                farewell.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void writesInOrderAndLeavesFlushingToTheCaller() {
        outlet.write(bytes("one "));
        outlet.write(bytes("two"));
        assertThat(channel.outboundMessages()).isEmpty();

        outlet.flush();

        assertThat(sent()).isEqualTo("one two");
    }

    @Test
    void turnsUnwritableAboveTheHighWaterMarkAndCallsBackBelowTheLow() {
        List<String> told = new ArrayList<>();
        outlet.onWritable(() -> told.add("resume"));
        var sockets = SocketSettings.DEFAULTS;
        channel.config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(sockets.queueLowBytes(), sockets.queueHighBytes()));

        outlet.write(Unpooled.buffer().writeZero(SocketSettings.DEFAULTS.queueHighBytes() + 1));

        assertThat(outlet.writable()).isFalse();
        assertThat(told).isEmpty();

        outlet.flush();
        channel.runPendingTasks();

        assertThat(outlet.writable()).isTrue();
        assertThat(told).containsExactly("resume");
        channel.releaseOutbound();
    }

    @Test
    void releasesWhatIsWrittenAfterTheEnd() {
        channel.close();
        var late = bytes("late");

        outlet.write(late);

        assertThat(late.refCnt()).isZero();
        assertThat(outlet.writable()).isFalse();
    }

    @Test
    void sendsWhatWasQueuedAndItsFarewellBeforeItCloses() {
        outlet.write(bytes("last words, "));

        outlet.close();
        outlet.close();
        channel.runPendingTasks();

        assertThat(sent()).isEqualTo("last words, bye");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tellsOnceThatTheConnectionIsGone() {
        List<String> told = new ArrayList<>();
        outlet.onClosed(() -> told.add("gone"));

        channel.close();
        channel.close();
        channel.runPendingTasks();

        assertThat(told).containsExactly("gone");
    }

    @Test
    void aBrokenConnectionIsClosed() {
        channel.pipeline().fireExceptionCaught(new java.io.IOException("connection reset"));
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        channel.checkException();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private String sent() {
        var all = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return all.toString();
    }

    private record EmbeddedLoop(EmbeddedChannel channel) implements Loop {
        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long nowNs() {
            return 0;
        }

        @Override
        public Cancellable after(long delayMs, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable task) {
            channel.eventLoop().execute(task);
        }
    }
}
