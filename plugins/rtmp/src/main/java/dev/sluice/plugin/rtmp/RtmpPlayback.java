package dev.sluice.plugin.rtmp;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.LiveStream;
import dev.sluice.hub.Loop;
import dev.sluice.hub.Viewing;
import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.server.netty.ChannelOutlet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One player on one message stream: shared bytes go straight to its channel. Owned by the channel's loop.
final class RtmpPlayback {
    private final LiveStream stream;
    private final ChannelOutlet outlet;
    private final RtmpFraming framing;
    private final RtmpFormat format;
    private final Consumer<EndReason> onEnded;
    private @Nullable Viewing viewing;
    private boolean closed;

    RtmpPlayback(
            LiveStream stream, Loop loop, RtmpChannel channel, int msid, int chunkBytes, Consumer<EndReason> onEnded) {
        this.stream = stream;
        this.onEnded = onEnded;
        this.format = new RtmpFormat(chunkBytes);
        this.framing = new RtmpFraming(msid, chunkBytes, this::onEnd);
        this.outlet = ChannelOutlet.behind(loop, channel.channel().pipeline().context(channel), new byte[0]);
    }

    void start() {
        viewing = stream.play(format, outlet, framing);
    }

    /// A live stream does not wait: who goes on after a pause starts at the newest key frame, and time goes on.
    void pause(boolean paused) {
        if (paused && viewing != null) {
            var stopped = viewing;
            viewing = null;
            stopped.end(EndReason.CLIENT_DONE);
        } else if (!paused && viewing == null && !closed) {
            start();
        }
    }

    void close(EndReason why) {
        if (!closed) {
            closed = true;
            if (viewing != null) {
                viewing.end(why);
            }
        }
    }

    private void onEnd(EndReason why) {
        if (!closed && viewing != null && why != EndReason.CONNECTION_LOST) {
            closed = true;
            onEnded.accept(why);
        }
    }

    /// For the log line of its end.
    String summary() {
        return viewing == null ? "" : "%d bytes, %d jumps".formatted(viewing.bytesSent(), viewing.jumps());
    }
}
