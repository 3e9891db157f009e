package dev.sluice.plugin.mse;

import dev.sluice.hub.Packager;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.AudioConfig;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.mp4.CmafMuxer;
import dev.sluice.media.mp4.Sample;
import dev.sluice.media.mp4.Ticks;
import dev.sluice.media.mp4.TrackRun;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One fragment per frame. A frame is written when the next of its track is there, so its duration is exact. That
/// costs one frame of delay, and is worth it: a browser's media source drops everything up to the next key frame
/// where a gap is more than twice the duration that was declared, so a guess would freeze the picture whenever an
/// encoder skips frames.
final class MsePackager implements Packager<Payload> {
    private static final int USUAL_FRAMES_PER_SECOND = 30;
    private static final int USUAL_AUDIO_SAMPLES = 1024;
    private static final String WAITING = "{\"type\":\"waiting\"}";

    /// What one initialisation is for. Side data of a track may change without a new one.
    private record Decoding(TrackKind kind, int id, CodecConfig config) {
        static Decoding of(Track track) {
            return new Decoding(track.kind(), track.id(), track.config());
        }
    }

    /// A frame that waits for its duration.
    private record Waiting(Frame frame, long ticks, boolean join) {}

    /// What a track needs from frame to frame.
    private static final class Lane {
        final int trackId;
        final int timescale;
        final int usualTicks;

        @Nullable
        Waiting waiting;

        Lane(int trackId, Track track) {
            this.trackId = trackId;
            this.timescale = CmafMuxer.timescale(track);
            this.usualTicks =
                    track.kind() == TrackKind.AUDIO ? USUAL_AUDIO_SAMPLES : timescale / USUAL_FRAMES_PER_SECOND;
        }
    }

    private final WireWriter<Payload> out;
    private final Map<Decoding, Lane> lanes = new HashMap<>();
    private int sequence;
    /// Decode time of the frame that was written last.
    private long writtenNs;

    MsePackager(WireWriter<Payload> out) {
        this.out = out;
    }

    @Override
    public void state(StreamState state) {
        var carried = carriedTracks(state);
        var wanted = carried.stream().map(Decoding::of).collect(Collectors.toSet());
        if (!lanes.isEmpty() && lanes.keySet().equals(wanted)) {
            return; // metadata changed, which MP4 does not carry
        }
        lanes.values().forEach(lane -> writeWaiting(lane, lane.usualTicks));
        lanes.clear();
        for (int i = 0; i < carried.size(); i++) {
            lanes.put(Decoding.of(carried.get(i)), new Lane(i + 1, carried.get(i)));
        }
        out.prologue(carried.isEmpty() ? unsupported(state) : init(carried));
        if (carried.isEmpty() && !state.tracks().isEmpty()) {
            out.begin(0);
            out.end(0, true, 0); // an empty record, so that the prologue reaches the viewer
        }
    }

    @Override
    public void frame(Frame frame, boolean join) {
        var lane = lanes.get(Decoding.of(frame.track()));
        if (lane == null || frame.kind() == FrameKind.COMMAND) {
            return;
        }
        long ticks = Ticks.ofNs(frame.dtsNs(), lane.timescale);
        if (lane.waiting != null) {
            writeWaiting(lane, ticks - lane.waiting.ticks());
        }
        lane.waiting = new Waiting(frame, ticks, join);
    }

    /// The last frames of all tracks are shown for as long as frames usually are, and the player is told that silence
    /// is no failure now.
    @Override
    public void gap() {
        lanes.values().forEach(lane -> writeWaiting(lane, lane.usualTicks));
        if (sequence > 0) {
            WebSocketFrames.writeText(WAITING, out.begin(WebSocketFrames.MAX_HEADER_BYTES + WAITING.length()));
            out.end(writtenNs, false, 0);
        }
    }

    private void writeWaiting(Lane lane, long durationTicks) {
        var waiting = lane.waiting;
        if (waiting == null) {
            return;
        }
        lane.waiting = null;
        var frame = waiting.frame();
        var sample = new Sample(
                frame.payload(),
                (int) Math.clamp(durationTicks, 1, Integer.MAX_VALUE),
                (int) (Ticks.ofNs(frame.ptsNs(), lane.timescale) - waiting.ticks()),
                frame.kind() == FrameKind.KEY);
        var runs = List.of(new TrackRun(lane.trackId, waiting.ticks(), List.of(sample)));
        int fragmentBytes = CmafMuxer.fragmentBytes(runs);
        var bytes = out.begin(WebSocketFrames.MAX_HEADER_BYTES + fragmentBytes);
        WebSocketFrames.writeBinaryHeader(fragmentBytes, bytes);
        CmafMuxer.writeFragment(bytes, ++sequence, runs);
        writtenNs = frame.dtsNs();
        out.end(writtenNs, waiting.join(), 0);
    }

    /// The leading tracks, as far as MP4 can carry them as they are configured now.
    private static List<Track> carriedTracks(StreamState state) {
        var carried = new ArrayList<Track>();
        for (var kind : List.of(TrackKind.VIDEO, TrackKind.AUDIO)) {
            state.first(kind).filter(CmafMuxer::carries).ifPresent(carried::add);
        }
        return carried;
    }

    private static Payload init(List<Track> tracks) {
        var codecs = tracks.stream().map(MsePackager::codecString).collect(Collectors.joining(", "));
        var init = CmafMuxer.init(tracks);
        var bytes = Unpooled.buffer();
        WebSocketFrames.writeText("{\"type\":\"init\",\"mime\":\"video/mp4; codecs=\\\"" + codecs + "\\\"\"}", bytes);
        WebSocketFrames.writeBinaryHeader(init.length(), bytes);
        init.writeTo(bytes);
        return Payload.copyOf(bytes);
    }

    private static Payload unsupported(StreamState state) {
        var codecs = state.tracks().stream()
                .map(track -> '"' + track.codec().label() + '"')
                .collect(Collectors.joining(","));
        var bytes = Unpooled.buffer();
        WebSocketFrames.writeText("{\"type\":\"unsupported\",\"codecs\":[" + codecs + "]}", bytes);
        return Payload.copyOf(bytes);
    }

    private static String codecString(Track track) {
        return switch (track.config()) {
            case VideoConfig video -> video.codecString();
            case AudioConfig audio -> audio.codecString();
            default ->
                throw new IllegalArgumentException(
                        "MP4 does not carry " + track.codec().label());
        };
    }
}
