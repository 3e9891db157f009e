package dev.sluice.server.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// [SocketSettings] as options of a transport's channels. Immutable.
///
/// The first probe of an idle connection goes between half of its time and all of it: ten thousand players of a
/// stream that stopped fall silent in the same moment, and so many probes at once would not all arrive.
public final class SocketOptions {
    private final List<Option<?>> listening = new ArrayList<>();
    private final List<Option<?>> connected = new ArrayList<>();
    private final List<ChannelOption<Integer>> idleTimes = new ArrayList<>();
    private final int keepAliveIdleS;

    private record Option<T>(ChannelOption<T> name, T value) {
        void add(ServerBootstrap bootstrap) {
            bootstrap.option(name, value);
        }

        void set(Channel channel) {
            if (!channel.config().setOption(name, value)) {
                throw new IllegalArgumentException(name + " is no option of " + channel.getClass());
            }
        }
    }

    /// @param transport of the channels they will be set on
    public SocketOptions(SocketSettings settings, IoTransport transport) {
        keepAliveIdleS = settings.keepAliveIdleS();
        listening.add(new Option<>(ChannelOption.SO_BACKLOG, settings.backlog()));
        listening.add(new Option<>(ChannelOption.SO_REUSEADDR, true));
        connected.add(new Option<>(ChannelOption.TCP_NODELAY, settings.noDelay()));
        connected.add(new Option<>(ChannelOption.SO_KEEPALIVE, settings.keepAlive()));
        connected.add(new Option<>(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(settings.queueLowBytes(), settings.queueHighBytes())));
        if (settings.receiveBufferBytes() > 0) {
            // On the listening socket: connections inherit it, in time for the scale of the window.
            listening.add(new Option<>(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes()));
        }
        if (settings.sendBufferBytes() > 0) {
            connected.add(new Option<>(ChannelOption.SO_SNDBUF, settings.sendBufferBytes()));
        }
        switch (transport) {
            case EPOLL -> onEpoll(settings);
            case IO_URING -> onIoUring(settings);
            case NIO -> {} // Java offers the rest for no connection: the system's own values hold
        }
    }

    private void onEpoll(SocketSettings settings) {
        if (settings.deadAfterMs() > 0) {
            connected.add(new Option<>(EpollChannelOption.TCP_USER_TIMEOUT, settings.deadAfterMs()));
        }
        if (settings.unsentMaxBytes() > 0) {
            connected.add(new Option<>(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) settings.unsentMaxBytes()));
        }
        if (settings.keepAlive()) {
            idleTimes.add(EpollChannelOption.TCP_KEEPIDLE);
            connected.add(new Option<>(EpollChannelOption.TCP_KEEPINTVL, settings.keepAliveIntervalS()));
            connected.add(new Option<>(EpollChannelOption.TCP_KEEPCNT, settings.keepAliveProbes()));
        }
    }

    private void onIoUring(SocketSettings settings) {
        if (settings.deadAfterMs() > 0) {
            connected.add(new Option<>(IoUringChannelOption.TCP_USER_TIMEOUT, settings.deadAfterMs()));
        }
        if (settings.unsentMaxBytes() > 0) {
            connected.add(new Option<>(IoUringChannelOption.TCP_NOTSENT_LOWAT, (long) settings.unsentMaxBytes()));
        }
        if (settings.keepAlive()) {
            idleTimes.add(IoUringChannelOption.TCP_KEEPIDLE);
            connected.add(new Option<>(IoUringChannelOption.TCP_KEEPINTVL, settings.keepAliveIntervalS()));
            connected.add(new Option<>(IoUringChannelOption.TCP_KEEPCNT, settings.keepAliveProbes()));
        }
    }

    /// For a listening socket.
    public void addTo(ServerBootstrap bootstrap) {
        listening.forEach(option -> option.add(bootstrap));
    }

    /// For an accepted connection, before it is registered.
    ///
    /// @throws io.netty.channel.ChannelException if the connection is gone, or the system refuses a value
    public void setOn(Channel channel) {
        connected.forEach(option -> option.set(channel));
        idleTimes.forEach(option -> new Option<>(option, someTime()).set(channel));
    }

    private int someTime() {
        return ThreadLocalRandom.current().nextInt((keepAliveIdleS + 1) / 2, keepAliveIdleS + 1);
    }
}
