package dev.sluice.app;

import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.netty.RtmpClient;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes a clip without end, at the pace of the clock, over a real connection. Comes back when it was cut
/// off. One thread of its own does the waiting, and one loop the sending; [#close] ends both.
final class DemoPublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemoPublisher.class);

    /// Later than this is no jitter: the machine slept, or the server took nothing. Then the clock starts anew.
    private static final long LATE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOT_WRITABLE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long GOODBYE_MS = 1_000;

    private final DemoClip clip;
    private final RtmpUrl url;
    private final Duration retryAfter;
    private final CountDownLatch live = new CountDownLatch(1);
    private final Thread thread;
    private final IoEventLoopGroup io = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("sluice-demo-io", true), NioIoHandler.newFactory());

    private DemoPublisher(DemoClip clip, RtmpUrl url, Duration retryAfter) {
        this.clip = clip;
        this.url = url;
        this.retryAfter = retryAfter;
        this.thread = Thread.ofPlatform().name("sluice-demo").daemon().unstarted(this::publishForever);
    }

    /// @param retryAfter pause before it connects again
    static DemoPublisher start(DemoClip clip, RtmpUrl url, Duration retryAfter) {
        var publisher = new DemoPublisher(clip, url, retryAfter);
        publisher.thread.start();
        return publisher;
    }

    /// Waits until the server has accepted the stream for the first time; false if it did not in time.
    boolean awaitLive(Duration limit) throws InterruptedException {
        return live.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Says goodbye to the server and ends. Twice does no harm.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(2 * GOODBYE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        io.shutdownGracefully(0, GOODBYE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(GOODBYE_MS);
    }

    private void publishForever() {
        try {
            while (true) {
                log.warn("demo.end reason=\"{}\" retry in {} ms", publishOnce(), retryAfter.toMillis());
                Thread.sleep(retryAfter);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// Publishes until the connection ends, and returns why it did.
    private String publishOnce() throws InterruptedException {
        var connection = new Connection();
        var client = RtmpClient.connect(io, ClientRequest.publish(url), RtmpLimits.DEFAULTS, connection);
        try {
            if (connection.awaitPublishing()) {
                live.countDown();
                send(client, connection);
            }
        } finally {
            client.close();
            connection.awaitGoodbye(client);
        }
        return connection.whyEnded();
    }

    private void send(RtmpClient client, Connection connection) throws InterruptedException {
        for (var header : clip.headers()) {
            send(client, header.type(), 0, header.body().toArray());
        }
        long startNs = System.nanoTime();
        for (long index = 0; !connection.hasEnded(); index++) {
            var frame = clip.frame(index);
            long dueNs = startNs + TimeUnit.MILLISECONDS.toNanos(frame.timestampMs());
            TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
            while (!client.isWritable() && !connection.hasEnded()) {
                TimeUnit.NANOSECONDS.sleep(NOT_WRITABLE_NS);
            }
            long lateNs = System.nanoTime() - dueNs;
            startNs += lateNs > LATE_NS ? lateNs : 0;
            send(client, frame.type(), frame.timestampMs(), frame.body().toArray());
        }
    }

    private static void send(RtmpClient client, int type, long timestampMs, byte[] body) {
        switch (type) {
            case FlvTag.AUDIO -> client.sendMedia(MediaKind.AUDIO, timestampMs & 0xffff_ffffL, body);
            case FlvTag.VIDEO -> client.sendMedia(MediaKind.VIDEO, timestampMs & 0xffff_ffffL, body);
            case FlvTag.SCRIPT -> client.sendMedia(MediaKind.DATA, 0, asSetDataFrame(body));
            default -> throw new IllegalArgumentException("the demo clip has a tag of type " + type);
        }
    }

    /// `@setDataFrame` before the metadata asks a server to keep it for players that come later.
    private static byte[] asSetDataFrame(byte[] metadata) {
        var name = "@setDataFrame".getBytes(StandardCharsets.US_ASCII);
        var body = Unpooled.buffer(3 + name.length + metadata.length);
        body.writeByte(2).writeShort(name.length).writeBytes(name).writeBytes(metadata);
        return body.array();
    }

    /// One attempt, as its events tell it; written on the connection's loop, read on the publisher's thread.
    private static final class Connection implements RtmpClient.Listener {
        private final CompletableFuture<Boolean> publishing = new CompletableFuture<>();
        private final CompletableFuture<String> ended = new CompletableFuture<>();

        @Override
        public void onEvent(RtmpClient client, ClientEvent event) {
            switch (event) {
                case ClientEvent.Publishing() -> publishing.complete(true);
                case ClientEvent.Ended(var cause, var reason) -> {
                    ended.complete(reason);
                    publishing.complete(false);
                }
                case ClientEvent.Playing() -> {}
                case ClientEvent.Media media -> {}
                case ClientEvent.Status status -> {}
            }
        }

        /// The client ends by itself when the server does not answer, so this always returns.
        boolean awaitPublishing() throws InterruptedException {
            try {
                return publishing.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("never completed so", e);
            }
        }

        boolean hasEnded() {
            return ended.isDone();
        }

        String whyEnded() {
            return ended.getNow("");
        }

        /// Also when the publisher's own thread was told to end: the interrupt is kept for later.
        void awaitGoodbye(RtmpClient client) {
            boolean interrupted = Thread.interrupted();
            try {
                client.whenClosed().toCompletableFuture().get(GOODBYE_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException | TimeoutException e) {
                log.debug("demo.goodbye not answered", e);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
