package dev.sluice.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // a tunnel writes at once
class TunnelChannelTest {
    private static final InetSocketAddress SOMEWHERE = InetSocketAddress.createUnresolved("somewhere", 1);

    private final EventLoop loop = new DefaultEventLoop();
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    private final AtomicInteger batches = new AtomicInteger();
    private final TunnelChannel channel = new TunnelChannel(SOMEWHERE, SOMEWHERE);

    @BeforeEach
    void register() {
        loop.register(channel).syncUninterruptibly();
        inLoop(() -> channel.pipeline().addLast(new Collector()));
    }

    @AfterEach
    void stop() {
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class Collector extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            arrived.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            batches.incrementAndGet();
            context.fireChannelReadComplete();
        }
    }

    private void inLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.buffer(count).writeZero(count);
    }

    @Test
    void whatIsFedArrivesInOrderEachWithItsEnd() {
        inLoop(() -> {
            channel.feed(Unpooled.wrappedBuffer(new byte[] {1, 2}));
            channel.feed(Unpooled.wrappedBuffer(new byte[] {3}));
        });
        assertThat(arrived.toByteArray()).containsExactly(1, 2, 3);
        assertThat(batches).hasValue(2);
    }

    @Test
    void whatIsFedWhileNobodyReadsWaits() {
        inLoop(() -> {
            channel.config().setAutoRead(false);
            channel.feed(Unpooled.wrappedBuffer(new byte[] {1}));
            channel.feed(Unpooled.wrappedBuffer(new byte[] {2}));
            channel.feed(Unpooled.wrappedBuffer(new byte[] {3, 4}));
        });
        // one read was asked for before
        assertThat(arrived.toByteArray()).containsExactly(1);
        assertThat(channel.unreadBytes()).isEqualTo(3);
        inLoop(() -> channel.config().setAutoRead(true));
        inLoop(() -> {});
        assertThat(arrived.toByteArray()).containsExactly(1, 2, 3, 4);
        assertThat(channel.unreadBytes()).isZero();
    }

    @Test
    void whatIsWrittenIsTakenInPiecesOfAnySize() {
        inLoop(() -> {
            channel.write(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {4, 5}));
            assertThat(ByteBufUtil.getBytes(channel.take(2))).containsExactly(1, 2);
            assertThat(ByteBufUtil.getBytes(channel.take(2))).containsExactly(3, 4);
            assertThat(ByteBufUtil.getBytes(channel.take(2))).containsExactly(5);
            assertThat(channel.take(2).isReadable()).isFalse();
        });
    }

    @Test
    void aWriterIsToldWhenTooMuchWaitsAndWhenThereIsRoomAgain() {
        inLoop(() -> {
            channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1_000, 2_000));
            channel.writeAndFlush(bytes(3_000));
            assertThat(channel.isWritable()).isFalse();
            channel.take(2_999);
            assertThat(channel.isWritable()).isFalse();
            channel.take(1);
            assertThat(channel.isWritable()).isTrue();
        });
    }

    @Test
    void theEndReleasesWhatWaits() {
        ByteBuf fed = bytes(10);
        ByteBuf unread = bytes(10);
        ByteBuf written = bytes(10);
        inLoop(() -> {
            channel.config().setAutoRead(false);
            channel.feed(fed);
            channel.feed(unread);
            channel.writeAndFlush(written);
            channel.close();
            assertThat(channel.take(100).isReadable()).isFalse();
        });
        ByteBuf late = bytes(10);
        inLoop(() -> channel.feed(late));
        assertThat(fed.refCnt() + unread.refCnt() + written.refCnt() + late.refCnt())
                .isZero();
    }
}
