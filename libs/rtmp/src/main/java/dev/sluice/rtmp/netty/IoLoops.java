package dev.sluice.rtmp.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/// Event loops: epoll where the native library loads, NIO elsewhere.
public final class IoLoops {
    private static final int PROBE_AFTER_S = 5;
    private static final int PROBE_INTERVAL_S = 5;
    private static final int PROBES = 3;
    /// Not sooner than the last probe: Linux would give up at the first that is lost.
    private static final int DEAD_AFTER_MS = 1_000 * (PROBE_AFTER_S + PROBES * PROBE_INTERVAL_S);

    private IoLoops() {}

    /// Daemon threads, so that a forgotten client does not keep a program alive.
    public static IoEventLoopGroup create(int threads, String threadName) {
        DefaultThreadFactory factory = new DefaultThreadFactory(threadName, true);
        return new MultiThreadIoEventLoopGroup(
                threads, factory, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /// Notices a server that is gone without a word: by probes when nothing is said, and by what it does not
    /// acknowledge. Only Linux lets a program set the times; elsewhere they are the system's own.
    static Bootstrap noticingTheDead(Bootstrap bootstrap, Class<? extends Channel> channelType) {
        bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        if (channelType == EpollSocketChannel.class) {
            bootstrap
                    .option(EpollChannelOption.TCP_USER_TIMEOUT, DEAD_AFTER_MS)
                    .option(EpollChannelOption.TCP_KEEPIDLE, PROBE_AFTER_S)
                    .option(EpollChannelOption.TCP_KEEPINTVL, PROBE_INTERVAL_S)
                    .option(EpollChannelOption.TCP_KEEPCNT, PROBES);
        }
        return bootstrap;
    }

    static Class<? extends ServerChannel> serverChannel(IoEventLoopGroup group) {
        return group.isIoType(EpollIoHandler.class) ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public static Class<? extends Channel> clientChannel(IoEventLoopGroup group) {
        return group.isIoType(EpollIoHandler.class) ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
