package dev.sluice.server;

import dev.sluice.hub.Hub;
import dev.sluice.hub.Loop;
import dev.sluice.segments.Segments;
import dev.sluice.server.netty.Loops;
import dev.sluice.server.netty.NettyLoop;
import dev.sluice.server.spi.Admission;
import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.Http;
import dev.sluice.server.spi.Limits;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.ServerContext;
import dev.sluice.server.spi.Sessions;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;

/// What plugins are given.
record Context(
        Hub hub,
        Admission admission,
        NamedPorts ports,
        Http http,
        Sessions sessions,
        Segments segments,
        PerApp<AppSettings> apps,
        boolean loopbackOnly,
        Limits limits,
        Loops loops,
        Executor blocking)
        implements ServerContext {
    @Override
    public Map<String, InetSocketAddress> listeners() {
        return ports.listeners();
    }

    @Override
    public Loop loopOf(EventLoop eventLoop) {
        return loops.of(eventLoop);
    }

    @Override
    public EventLoop eventLoopOf(Loop loop) {
        if (loop instanceof NettyLoop netty) {
            return netty.eventLoop();
        }
        throw new IllegalArgumentException("not a loop of this server: " + loop);
    }

    @Override
    public Loop nextLoop() {
        return loops.nextLoop();
    }
}
