package dev.sluice.server.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
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
    private final IoTransport transport;
    private final SocketOptions socketOptions;
    private final EventLoopGroup group;
    private final Map<EventLoop, NettyLoop> loops = new HashMap<>();
    private final List<NettyLoop> inTurn = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /// Loops whose sockets have the default options.
    public Loops(EventLoop acceptLoop, EventLoopGroup group) {
        this(acceptLoop, group, SocketSettings.DEFAULTS);
    }

    /// @param acceptLoop accepts the connections of all ports; may be one of `group`, or a loop of its own
    /// @param group carries the connections; of the same transport as `acceptLoop`
    /// @param sockets options for what is registered here; the loops themselves are as they are
    public Loops(EventLoop acceptLoop, EventLoopGroup group, SocketSettings sockets) {
        this.acceptLoop = acceptLoop;
        this.transport = IoTransport.of(acceptLoop);
        this.socketOptions = new SocketOptions(sockets, transport);
        this.group = group;
        for (var executor : group) {
            var eventLoop = (EventLoop) executor;
            var loop = new NettyLoop(eventLoop);
            loops.put(eventLoop, loop);
            inTurn.add(loop);
        }
        loops.computeIfAbsent(acceptLoop, NettyLoop::new);
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

    /// How the loops talk to the kernel.
    public IoTransport transport() {
        return transport;
    }

    /// What the sockets on these loops are set to.
    public SocketOptions socketOptions() {
        return socketOptions;
    }
}
