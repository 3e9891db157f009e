package dev.sluice.server.netty;

import dev.sluice.hub.Loop;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/// A [Loop] over one Netty event loop. There is one per event loop: [Loops] makes them.
public final class NettyLoop implements Loop {
    private final EventLoop eventLoop;

    NettyLoop(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /// The event loop below, for registering channels.
    public EventLoop eventLoop() {
        return eventLoop;
    }

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
        var scheduled = eventLoop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public String toString() {
        return "NettyLoop[" + eventLoop + "]";
    }
}
