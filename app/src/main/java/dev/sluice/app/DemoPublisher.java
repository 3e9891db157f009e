package dev.sluice.app;

import dev.sluice.app.media.PacedSender;
import dev.sluice.app.media.PublishConnection;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.netty.RtmpClient;
import dev.sluice.rtmp.session.ClientRequest;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes a clip without end, at the pace of the clock, over a real connection. Comes back when it was cut
/// off. One thread of its own does the waiting, and one loop the sending; [#close] ends both.
final class DemoPublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemoPublisher.class);

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
        var connection = new PublishConnection();
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

    private void send(RtmpClient client, PublishConnection connection) throws InterruptedException {
        for (var header : clip.headers()) {
            PacedSender.sendNow(client, header.type(), 0, header.body());
        }
        var sender = new PacedSender(client, connection);
        for (long index = 0; !connection.hasEnded(); index++) {
            var frame = clip.frame(index);
            sender.send(frame.type(), frame.timestampMs(), frame.body());
        }
    }
}
