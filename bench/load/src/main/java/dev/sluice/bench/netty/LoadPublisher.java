package dev.sluice.bench.netty;

import dev.sluice.bench.LoadShape;
import dev.sluice.bench.SyntheticStream;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.netty.RtmpClient;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Publishes one synthetic stream at the pace of the clock. Owned by its loop.
final class LoadPublisher implements RtmpClient.Listener {
    private static final long NS_PER_MS = 1_000_000;
    /// While the server takes nothing the stream stands still; later than this after a frame was due, too.
    private static final long PAUSE_NS = 5 * NS_PER_MS;
    private static final long LATE_NS = 1_000 * NS_PER_MS;

    private final EventLoop loop;
    private final LoadShape shape;
    private final SyntheticStream stream;
    private final RtmpClient client;
    private final CompletableFuture<Void> publishing = new CompletableFuture<>();
    private String whyEnded = "";
    private long startNs;

    LoadPublisher(LoadLoop loop, RtmpUrl url, LoadShape shape, int run) {
        this.loop = loop.loop();
        this.shape = shape;
        this.stream = new SyntheticStream(shape, run);
        this.client = RtmpClient.connect(loop.group(), ClientRequest.publish(url), RtmpLimits.DEFAULTS, this);
    }

    /// Done when the server takes media; fails with its reason if it does not.
    CompletableFuture<Void> publishing() {
        return publishing;
    }

    @Override
    public void onEvent(RtmpClient client, ClientEvent event) {
        switch (event) {
            case ClientEvent.Publishing() -> begin(client);
            case ClientEvent.Ended(var cause, var reason) -> {
                whyEnded = reason;
                publishing.completeExceptionally(new IllegalStateException(reason));
            }
            case ClientEvent.Connected connected -> {}
            case ClientEvent.ComeAgain again -> {}
            case ClientEvent.ReconnectAsked asked -> {}
            case ClientEvent.Playing() -> {}
            case ClientEvent.Media media -> {}
            case ClientEvent.Status status -> {}
        }
    }

    private void begin(RtmpClient publisher) {
        publisher.sendMetadata(AmfValue.properties()
                .put("width", 1280)
                .put("height", 720)
                .put("framerate", shape.framesPerSecond())
                .put("videocodecid", 7)
                .put("videodatarate", shape.kbps())
                .put("audiocodecid", 10)
                .put("audiodatarate", LoadShape.AUDIO_KBPS)
                .put("audiosamplerate", 48_000)
                .put("stereo", true)
                .array());
        publisher.sendMedia(MediaKind.VIDEO, 0, stream.videoHeader());
        publisher.sendMedia(MediaKind.AUDIO, 0, stream.audioHeader());
        startNs = LoadClock.nowNs();
        publishing.complete(null);
        sendDue(publisher);
    }

    private void sendDue(RtmpClient publisher) {
        if (hasEnded()) {
            return;
        }
        long lateNs = LoadClock.nowNs() - startNs - nextNs();
        if (!publisher.isWritable() || lateNs > LATE_NS) {
            startNs += Math.max(PAUSE_NS, lateNs);
        } else {
            sendUpTo(publisher, LoadClock.nowNs() - startNs);
        }
        long waitNs = Math.max(0, startNs + nextNs() - LoadClock.nowNs());
        loop.schedule(() -> sendDue(publisher), waitNs, TimeUnit.NANOSECONDS);
    }

    private long nextNs() {
        return Math.min(stream.nextVideoNs(), stream.nextAudioNs());
    }

    private void sendUpTo(RtmpClient publisher, long elapsedNs) {
        while (stream.nextVideoNs() <= elapsedNs) {
            long timestampMs = stream.nextVideoNs() / NS_PER_MS;
            publisher.sendMedia(MediaKind.VIDEO, timestampMs, stream.video(LoadClock.nowNs()));
        }
        while (stream.nextAudioNs() <= elapsedNs) {
            long timestampMs = stream.nextAudioNs() / NS_PER_MS;
            publisher.sendMedia(MediaKind.AUDIO, timestampMs, stream.audio(LoadClock.nowNs()));
        }
    }

    /// Frames sent so far. Call on the loop.
    long frames() {
        return stream.frames();
    }

    /// Call on the loop.
    boolean hasEnded() {
        return !whyEnded.isEmpty();
    }

    /// Call on the loop.
    String whyEnded() {
        return whyEnded;
    }

    /// Says goodbye.
    ///
    /// @return done when the connection is closed
    CompletableFuture<Void> close() {
        client.close();
        return client.whenClosed().toCompletableFuture();
    }
}
