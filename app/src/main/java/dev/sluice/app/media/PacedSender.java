package dev.sluice.app.media;

import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.netty.RtmpClient;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Sends tags at the pace of the clock: each when its time has come, counted from the first, so that it never drifts.
/// For one thread, which waits here.
public final class PacedSender {
    /// Later than this is no jitter: the machine slept, or the server took nothing. Then the clock starts anew.
    private static final long LATE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOT_WRITABLE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final RtmpClient client;
    private final PublishConnection connection;
    private long startNs = System.nanoTime();

    public PacedSender(RtmpClient client, PublishConnection connection) {
        this.client = client;
        this.connection = connection;
    }

    /// Waits until it is time, and until the server takes more; then sends. Does not wait once the connection has
    /// ended.
    ///
    /// @param timestampMs since the start of this sender; does not wrap
    public void send(int type, long timestampMs, Payload body) throws InterruptedException {
        long dueNs = startNs + TimeUnit.MILLISECONDS.toNanos(timestampMs);
        TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
        while (!client.isWritable() && !connection.hasEnded()) {
            TimeUnit.NANOSECONDS.sleep(NOT_WRITABLE_NS);
        }
        long lateNs = System.nanoTime() - dueNs;
        startNs += lateNs > LATE_NS ? lateNs : 0;
        sendNow(client, type, timestampMs, body);
    }

    /// Tags of other types are left out: RTMP has no message for them.
    public static void sendNow(RtmpClient client, int type, long timestampMs, Payload body) {
        long wrappedMs = timestampMs & 0xffff_ffffL;
        switch (type) {
            case FlvTag.AUDIO -> client.sendMedia(MediaKind.AUDIO, wrappedMs, body.toArray());
            case FlvTag.VIDEO -> client.sendMedia(MediaKind.VIDEO, wrappedMs, body.toArray());
            case FlvTag.SCRIPT -> client.sendMedia(MediaKind.DATA, wrappedMs, asSetDataFrame(body.toArray()));
            default -> {}
        }
    }

    /// `@setDataFrame` before the metadata asks a server to keep it for players that come later.
    private static byte[] asSetDataFrame(byte[] metadata) {
        var name = "@setDataFrame".getBytes(StandardCharsets.US_ASCII);
        var body = Unpooled.buffer(3 + name.length + metadata.length);
        body.writeByte(2).writeShort(name.length).writeBytes(name).writeBytes(metadata);
        return body.array();
    }
}
