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
import java.util.List;
import java.util.function.Consumer;

/// Writes each frame as ready chunks, once for all viewers.
final class RtmpPackager implements Packager<RtmpPrologue> {
    /// Where both chunk streams begin before the first frame, so that the first differences are not negative even
    /// if the second track begins a little earlier.
    private static final int HEADROOM_MS = 100;

    /// After a silence of this length a track is set to an absolute time again. So no difference ever needs an
    /// extended timestamp, and a newcomer need not know how long a track has been silent.
    static final int SILENCE_MS = 10_000;

    private final RtmpFormat format;
    private final FlvMuxer muxer;
    private final WireWriter<RtmpPrologue> out;
    /// What the viewers see of the stream.
    private StreamState seen = StreamState.EMPTY;
    private RtmpPrologue prologue = new RtmpPrologue(SampleAccess.BODY, Payload.EMPTY, List.of());
    private boolean started;
    private long audioMs;
    private long videoMs;

    RtmpPackager(RtmpFormat format, WireWriter<RtmpPrologue> out) {
        this.format = format;
        this.muxer = new FlvMuxer(format.dialect());
        this.out = out;
    }

    @Override
    public void state(StreamState state) {
        var metadata = state.metadata().map(FlvMuxer::scriptBody).orElse(SampleAccess.BODY);
        seen = state.of(state.tracks().stream().filter(this::carries).toList());
        var headers = Unpooled.buffer();
        for (var track : seen.tracks()) {
            muxer.headers(track, seen.tracks()).forEach(body -> writeHeader(track, body, headers));
        }
        prologue = new RtmpPrologue(metadata, Payload.copyOf(headers), seen.tracks());
        out.prologue(prologue);
    }

    private boolean carries(Track track) {
        return format.kinds().contains(track.kind()) && muxer.carries(track);
    }

    @Override
    public void frame(Frame frame, boolean join) {
        if (!carries(frame.track())) {
            return;
        }
        boolean video = frame.track().kind() == TrackKind.VIDEO;
        write(
                video,
                FlvMuxer.tagType(frame.track()),
                frame.dtsNs(),
                muxer.bodyBytes(frame),
                body -> muxer.writeBody(frame, body),
                seen.joinsAt(frame));
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
        var bytes = out.begin(ChunkEncoder.type1Bytes(bodyBytes, format.chunkBytes()));
        ChunkEncoder.writeType1(bytes, csid, deltaMs, type, bodyBytes, format.chunkBytes(), body);
        out.end(timeNs, join, before);
        if (video) {
            videoMs += deltaMs;
        } else {
            audioMs += deltaMs;
        }
    }

    /// A track was silent: a new prologue makes every viewer set its chunk streams to absolute times again.
    private void startAnew(boolean video, long timeMs) {
        prologue = new RtmpPrologue(prologue.metadata(), prologue.headers(), prologue.tracks());
        out.prologue(prologue);
        if (video) {
            videoMs = timeMs;
        } else {
            audioMs = timeMs;
        }
    }

    private void writeHeader(Track track, Payload body, ByteBuf headers) {
        int csid = track.kind() == TrackKind.VIDEO ? RtmpFormat.VIDEO_CSID : RtmpFormat.AUDIO_CSID;
        ChunkEncoder.writeType1(headers, csid, 0, FlvMuxer.tagType(track), body.slice(), format.chunkBytes());
    }
}
