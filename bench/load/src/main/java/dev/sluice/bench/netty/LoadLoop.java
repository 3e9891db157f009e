package dev.sluice.bench.netty;

import dev.sluice.bench.Tally;
import dev.sluice.rtmp.netty.IoLoops;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// One event loop of the load, with what its viewers share.
final class LoadLoop implements AutoCloseable {
    private final IoEventLoopGroup group;
    private final SharedReadBuffer buffer = new SharedReadBuffer();
    private final Tally tally = new Tally();
    private final long threadId;

    LoadLoop(String threadName) throws InterruptedException {
        this.group = IoLoops.create(1, threadName);
        this.threadId = call(() -> Thread.currentThread().threadId());
    }

    IoEventLoopGroup group() {
        return group;
    }

    EventLoop loop() {
        return group.next();
    }

    Class<? extends Channel> channelType() {
        return IoLoops.clientChannel(group);
    }

    SharedReadBuffer buffer() {
        return buffer;
    }

    /// Use on the loop only.
    Tally tally() {
        return tally;
    }

    /// Runs it on the loop, and waits for it.
    <T> T call(Callable<T> task) throws InterruptedException {
        try {
            return loop().submit(task).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// CPU time of its thread, nanoseconds; 0 where that is not known.
    long cpuNs() {
        var threads = ManagementFactory.getThreadMXBean();
        return threads.isThreadCpuTimeSupported() ? Math.max(0, threads.getThreadCpuTime(threadId)) : 0;
    }

    /// Ends the loop; its connections are closed before.
    @Override
    public void close() throws InterruptedException {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).await();
        buffer.close();
    }
}
