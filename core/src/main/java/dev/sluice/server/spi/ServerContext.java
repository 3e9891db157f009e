package dev.sluice.server.spi;

import dev.sluice.hub.Hub;
import dev.sluice.hub.Loop;
import dev.sluice.segments.Segments;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;

/// What the server gives a plugin.
public interface ServerContext {
    Hub hub();

    Admission admission();

    Ports ports();

    Http http();

    Sessions sessions();

    Segments segments();

    /// Settings of applications: listed or not, who may publish.
    PerApp<AppSettings> apps();

    /// Whether every listener is on loopback: then streams of all applications may be shown.
    boolean loopbackOnly();

    /// Where hits of limits are reported.
    Limits limits();

    /// Where the server listens now, by protocol name. Complete once the server is ready.
    Map<String, InetSocketAddress> listeners();

    /// The loop of a Netty event loop of this server.
    Loop loopOf(EventLoop eventLoop);

    /// The Netty event loop below one of this server's loops, for registering channels.
    EventLoop eventLoopOf(Loop loop);

    /// The next of the server's loops, round robin.
    Loop nextLoop();

    /// Virtual threads, for whatever may wait.
    Executor blocking();
}
