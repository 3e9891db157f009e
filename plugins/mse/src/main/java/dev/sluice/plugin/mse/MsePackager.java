package dev.sluice.plugin.mse;

import dev.sluice.hub.Packager;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
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

/// One fragment per frame, as soon as it is there. A frame's duration is not known yet, so it gets the one of the
/// frame
/// before: the next fragment's own decode time puts right what was wrong about it.
final class MsePackager implements Packager<Payload> {
    private static final int USUAL_FRAMES_PER_SECOND = 30;

    /// What a track needs from frame to frame.
    private static final class Lane {
        final int trackId;
        final int timescale;
        final int usualTicks;
        long lastTicks = -1;
        int lastDurationTicks;

        Lane(int trackId, Track track) {
            this.trackId = trackId;
            this.timescale = CmafMuxer.timescale(track);
            this.usualTicks =
                    track.config() instanceof AacConfig aac ? aac.frameSamples() : timescale / USUAL_FRAMES_PER_SECOND;
            this.lastDurationTicks = usualTicks;
        }

        /// Durations stay near the usual: one late frame does not make the next a second long.
        int duration(long ticks) {
            if (lastTicks >= 0) {
                lastDurationTicks = (int) Math.clamp(ticks - lastTicks, 1, usualTicks * 10L);
            }
            lastTicks = ticks;
            return lastDurationTicks;
        }
    }

    private final WireWriter<Payload> out;
    private final Map<Track, Lane> lanes = new HashMap<>();
    private int sequence;

    MsePackager(WireWriter<Payload> out) {
        this.out = out;
    }

    @Override
    public void state(StreamState state) {
        var carried = carriedTracks(state);
        if (!lanes.isEmpty() && lanes.keySet().equals(java.util.Set.copyOf(carried))) {
            return; // metadata changed, which MP4 does not carry
        }
        lanes.clear();
        for (int i = 0; i < carried.size(); i++) {
            lanes.put(carried.get(i), new Lane(i + 1, carried.get(i)));
        }
        out.prologue(carried.isEmpty() ? unsupported(state) : init(carried));
        if (carried.isEmpty() && !state.tracks().isEmpty()) {
            out.begin(0);
            out.end(0, true, 0); // an empty record, so that the prologue reaches the viewer
        }
    }

    @Override
    public void frame(Frame frame, boolean join) {
        var lane = lanes.get(frame.track());
        if (lane == null || frame.kind() == FrameKind.COMMAND) {
            return;
        }
        long ticks = Ticks.ofNs(frame.dtsNs(), lane.timescale);
        var sample = new Sample(
                frame.payload(),
                lane.duration(ticks),
                (int) (Ticks.ofNs(frame.ptsNs(), lane.timescale) - ticks),
                frame.kind() == FrameKind.KEY);
        var runs = List.of(new TrackRun(lane.trackId, ticks, List.of(sample)));
        int fragmentBytes = CmafMuxer.fragmentBytes(runs);
        var bytes = out.begin(WebSocketFrames.MAX_HEADER_BYTES + fragmentBytes);
        WebSocketFrames.writeBinaryHeader(fragmentBytes, bytes);
        CmafMuxer.writeFragment(bytes, ++sequence, runs);
        out.end(frame.dtsNs(), join, 0);
    }

    /// The leading video track and the first audio track that MP4 can carry.
    private static List<Track> carriedTracks(StreamState state) {
        var carried = new ArrayList<Track>();
        for (var kind : List.of(TrackKind.VIDEO, TrackKind.AUDIO)) {
            state.first(kind).filter(track -> track.codec().fitsMp4()).ifPresent(carried::add);
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
            case AvcConfig avc -> avc.codecString();
            case AacConfig aac -> aac.codecString();
            default ->
                throw new IllegalArgumentException(
                        "MP4 does not carry " + track.codec().label());
        };
    }
}
