package dev.sluice.server.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What is asked for is read back from the kernel's socket.
class SocketOptionsTest {
    private static final SocketSettings ODD = new SocketSettings(
            IoTransport.EPOLL, 3, 77, false, 99_000, 60_000, 50_000, 70_000, 30_000, 69_123, true, 41, 7, 4);

    private Channel channel = new NioSocketChannel();

    @AfterEach
    void close() {
        if (!channel.isRegistered()) { // else its loop closes it
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void everySettingReachesAConnectionOnEpoll() {
        channel = new EpollSocketChannel();
        new SocketOptions(ODD, IoTransport.EPOLL).setOn(channel);

        checkPortable();
        assertThat(option(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(69_123);
        assertThat(option(EpollChannelOption.TCP_NOTSENT_LOWAT)).isEqualTo(99_000L);
        assertThat(option(EpollChannelOption.TCP_KEEPIDLE)).isBetween(21, 41);
        assertThat(option(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(7);
        assertThat(option(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(4);
    }

    @Test
    void everySettingReachesAConnectionOnIoUring() {
        assumeThat(IoTransport.IO_URING.obstacle()).isEmpty();
        channel = new IoUringSocketChannel();
        new SocketOptions(ODD, IoTransport.IO_URING).setOn(channel);

        checkPortable();
        assertThat(option(IoUringChannelOption.TCP_USER_TIMEOUT)).isEqualTo(69_123);
        assertThat(option(IoUringChannelOption.TCP_NOTSENT_LOWAT)).isEqualTo(99_000L);
        assertThat(option(IoUringChannelOption.TCP_KEEPIDLE)).isBetween(21, 41);
        assertThat(option(IoUringChannelOption.TCP_KEEPINTVL)).isEqualTo(7);
        assertThat(option(IoUringChannelOption.TCP_KEEPCNT)).isEqualTo(4);
    }

    /// So many as were served together fall silent together.
    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void firstProbesDoNotAllGoAtOnce() {
        var options = new SocketOptions(ODD, IoTransport.EPOLL);
        channel = new EpollSocketChannel();
        var times = new HashSet<Integer>();
        for (int i = 0; i < 1_000; i++) {
            options.setOn(channel);
            times.add(option(EpollChannelOption.TCP_KEEPIDLE));
        }

        assertThat(times).hasSizeGreaterThan(10).allMatch(seconds -> seconds >= 21 && seconds <= 41);
    }

    @Test
    void onNioWhatJavaCanSetIsSet() {
        new SocketOptions(ODD, IoTransport.NIO).setOn(channel);

        checkPortable();
    }

    private void checkPortable() {
        assertThat(option(ChannelOption.TCP_NODELAY)).isFalse();
        assertThat(option(ChannelOption.SO_KEEPALIVE)).isTrue();
        assertThat(option(ChannelOption.SO_SNDBUF))
                .as("Linux doubles it for its own needs")
                .isGreaterThanOrEqualTo(60_000)
                .isLessThanOrEqualTo(120_000);
        assertThat(channel.config().getWriteBufferHighWaterMark()).isEqualTo(70_000);
        assertThat(channel.config().getWriteBufferLowWaterMark()).isEqualTo(30_000);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void zeroLeavesTheKernelItsOwnValues() {
        var untouched = new EpollSocketChannel();
        channel = new EpollSocketChannel();
        new SocketOptions(
                        new SocketSettings(IoTransport.EPOLL, 0, 1, true, 0, 0, 0, 70_000, 30_000, 0, false, 30, 5, 3),
                        IoTransport.EPOLL)
                .setOn(channel);
        try {
            for (ChannelOption<?> left : new ChannelOption<?>[] {
                ChannelOption.SO_SNDBUF,
                EpollChannelOption.TCP_USER_TIMEOUT,
                EpollChannelOption.TCP_NOTSENT_LOWAT,
                EpollChannelOption.TCP_KEEPIDLE
            }) {
                assertThat((Object) option(left)).isEqualTo(untouched.config().getOption(left));
            }
            assertThat(option(ChannelOption.SO_KEEPALIVE)).isFalse();
        } finally {
            untouched.unsafe().closeForcibly();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void theListeningSocketHasTheBacklogAndTheReceiveBufferThatConnectionsInherit() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, IoTransport.EPOLL.handlers());
        try {
            var bootstrap = new ServerBootstrap()
                    .group(group)
                    .channel(EpollServerSocketChannel.class)
                    .childHandler(new ChannelInboundHandlerAdapter());
            new SocketOptions(ODD, IoTransport.EPOLL).addTo(bootstrap);
            channel = bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();

            assertThat(option(ChannelOption.SO_BACKLOG)).isEqualTo(77);
            assertThat(option(ChannelOption.SO_RCVBUF)).isBetween(50_000, 100_000);
            assertThat(option(ChannelOption.SO_REUSEADDR)).isTrue();
            assertThat(option(EpollChannelOption.SO_REUSEPORT))
                    .as("a second server must not get in silently")
                    .isFalse();
            channel.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void theLowMarkIsNotAboveTheHighOne() {
        assertThatThrownBy(() ->
                        new SocketSettings(IoTransport.NIO, 0, 1, true, 0, 0, 0, 30_000, 30_001, 0, false, 30, 5, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queueLowBytes must not be more than queueHighBytes");
    }

    private <T> T option(ChannelOption<T> option) {
        return channel.config().getOption(option);
    }
}
