package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Packager;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.Frame;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.flv.FlvMuxer;
import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.chunk.ChunkEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/// Writes each frame as ready chunks, once for all viewers.
final class RtmpPackager implements Packager<RtmpPrologue> {
    /// Where both chunk streams begin before the first frame, so that the first differences are not negative even
    /// if the second track begins a little earlier.
    private static final int HEADROOM_MS = 100;

    /// After a silence of this length a track is set to an absolute time again. So no difference ever needs an
    /// extended timestamp, and a newcomer need not know how long a track has been silent.
    static final int SILENCE_MS = 10_000;

    private final int chunkBytes;
    private final WireWriter<RtmpPrologue> out;
    private RtmpPrologue prologue = new RtmpPrologue(SampleAccess.BODY, Payload.EMPTY);
    private boolean started;
    private long audioMs;
    private long videoMs;

    RtmpPackager(int chunkBytes, WireWriter<RtmpPrologue> out) {
        this.chunkBytes = chunkBytes;
        this.out = out;
    }

    @Override
    public void state(StreamState state) {
        var metadata = state.metadata().map(FlvMuxer::scriptBody).orElse(SampleAccess.BODY);
        var headers = Unpooled.buffer();
        for (var track : state.tracks()) {
            FlvMuxer.sequenceHeader(track).ifPresent(body -> writeHeader(track, body, headers));
        }
        prologue = new RtmpPrologue(metadata, Payload.copyOf(headers));
        out.prologue(prologue);
    }

    @Override
    public void frame(Frame frame, boolean join) {
        boolean video = frame.track().kind() == TrackKind.VIDEO;
        write(
                video,
                FlvMuxer.tagType(frame.track()),
                frame.dtsNs(),
                FlvMuxer.bodyBytes(frame),
                body -> FlvMuxer.writeBody(frame, body),
                join);
    }

    @Override
    public void data(Metadata data) {
        var body = FlvMuxer.scriptBody(data);
        write(false, FlvTag.SCRIPT, data.timeNs(), body.length(), body::writeTo, false);
    }

    private void write(boolean video, int type, long timeNs, int bodyBytes, Consumer<ByteBuf> body, boolean join) {
        long timeMs = FlvMuxer.timestampMs(timeNs);
        if (!started) {
            started = true;
            audioMs = timeMs - HEADROOM_MS;
            videoMs = timeMs - HEADROOM_MS;
        } else if (timeMs - (video ? videoMs : audioMs) >= SILENCE_MS) {
            startAnew(video, timeMs);
        }
        long before = LaneTimes.mark(audioMs, videoMs);
        long deltaMs = Math.max(0, timeMs - (video ? videoMs : audioMs));
        int csid = video ? RtmpFormat.VIDEO_CSID : RtmpFormat.AUDIO_CSID;
        var bytes = out.begin(ChunkEncoder.type1Bytes(bodyBytes, chunkBytes));
        ChunkEncoder.writeType1(bytes, csid, deltaMs, type, bodyBytes, chunkBytes, body);
        out.end(timeNs, join, before);
        if (video) {
            videoMs += deltaMs;
        } else {
            audioMs += deltaMs;
        }
    }

    /// A track was silent: a new prologue makes every viewer set its chunk streams to absolute times again.
    private void startAnew(boolean video, long timeMs) {
        prologue = new RtmpPrologue(prologue.metadata(), prologue.headers());
        out.prologue(prologue);
        if (video) {
            videoMs = timeMs;
        } else {
            audioMs = timeMs;
        }
    }

    private void writeHeader(Track track, Payload body, ByteBuf headers) {
        int csid = track.kind() == TrackKind.VIDEO ? RtmpFormat.VIDEO_CSID : RtmpFormat.AUDIO_CSID;
        ChunkEncoder.writeType1(headers, csid, 0, FlvMuxer.tagType(track), body.slice(), chunkBytes);
    }
}
