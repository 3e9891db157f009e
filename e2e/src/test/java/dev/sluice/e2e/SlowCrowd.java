package dev.sluice.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Many connections that begin and do not get on: each says its beginning, then a byte per second. Some hundreds of
/// those that the server has closed come anew each second.
final class SlowCrowd implements AutoCloseable {
    private static final int ANEW_PER_SECOND = 500;

    private final InetSocketAddress server;
    private final byte[] beginning;
    private final boolean dripping;
    private final List<SocketChannel> crowd = new ArrayList<>();
    private final ScheduledExecutorService seconds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private volatile int replaced;

    /// Returns when all are open.
    SlowCrowd(int port, byte[] beginning, boolean dripping, int size) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.beginning = beginning;
        this.dripping = dripping;
        for (int i = 0; i < size; i++) {
            crowd.add(opened());
        }
        seconds.scheduleAtFixedRate(this::drip, 1, 1, TimeUnit.SECONDS);
    }

    /// How many came anew.
    int replaced() {
        return replaced;
    }

    private SocketChannel opened() throws IOException {
        var one = SocketChannel.open(server);
        one.configureBlocking(false);
        one.write(ByteBuffer.wrap(beginning));
        return one;
    }

    private void drip() {
        int anew = 0;
        for (int i = 0; i < crowd.size(); i++) {
            if (!isOpen(crowd.get(i)) && anew < ANEW_PER_SECOND) {
                anew++;
                replace(i);
            }
        }
        replaced += anew;
    }

    private boolean isOpen(SocketChannel one) {
        try {
            if (dripping) {
                one.write(ByteBuffer.allocate(1));
            }
            return one.read(ByteBuffer.allocate(4096)) >= 0;
        } catch (IOException closed) {
            return false;
        }
    }

    private void replace(int i) {
        try {
            crowd.get(i).close();
            crowd.set(i, opened());
        } catch (IOException e) {
            // the server closed it at once: it comes again in a second
        }
    }

    @Override
    public void close() throws IOException {
        seconds.shutdownNow();
        try {
            seconds.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        for (var one : crowd) {
            one.close();
        }
    }
}
