package dev.sluice.server.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The event loops of a server: one [NettyLoop] for each. Raw protocols and HTTP share them, so a publisher, an
/// RTMP viewer and an HTTP viewer of one stream may sit on the same loop. Any thread. Whoever made the group ends
/// it.
public final class Loops {
    private final EventLoop acceptLoop;
    private final EventLoopGroup group;
    private final Map<EventLoop, NettyLoop> loops = new HashMap<>();
    private final List<NettyLoop> inTurn = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /// @param acceptLoop accepts the connections of all ports; may be one of `group`, or a loop of its own
    /// @param group carries the connections; of the same transport as `acceptLoop`
    public Loops(EventLoop acceptLoop, EventLoopGroup group) {
        this.acceptLoop = acceptLoop;
        this.group = group;
        for (var executor : group) {
            var eventLoop = (EventLoop) executor;
            var loop = new NettyLoop(eventLoop);
            loops.put(eventLoop, loop);
            inTurn.add(loop);
        }
        loops.computeIfAbsent(acceptLoop, NettyLoop::new);
    }

    /// How many loops a server has unless told otherwise: one for each processor.
    public static int defaultCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    /// The loop of `eventLoop`; always the same object.
    ///
    /// @throws IllegalArgumentException if it is not one of ours
    public NettyLoop of(EventLoop eventLoop) {
        var loop = loops.get(eventLoop);
        if (loop == null) {
            throw new IllegalArgumentException("not a loop of this server: " + eventLoop);
        }
        return loop;
    }

    /// The next loop, round robin.
    public NettyLoop nextLoop() {
        return inTurn.get(Math.floorMod(turn.getAndIncrement(), inTurn.size()));
    }

    /// All loops that carry connections.
    public List<NettyLoop> all() {
        return List.copyOf(inTurn);
    }

    /// The loop that accepts connections.
    public NettyLoop acceptLoop() {
        return of(acceptLoop);
    }

    /// The group for registering channels; do not shut it down.
    public EventLoopGroup group() {
        return group;
    }

    /// Whether the loops run on epoll; else on NIO.
    public boolean onEpoll() {
        return acceptLoop instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
    }

    /// The class of listening sockets that fits the loops.
    public Class<? extends ServerSocketChannel> serverChannelClass() {
        return onEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }
}
