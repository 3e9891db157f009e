package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Publishes a file of ours tag by tag, with a fault. One thread uses it.
final class FaultyPublisher implements AutoCloseable {
    /// What was sent of one track.
    private static final class Track {
        private int next;
        private long lastMs;
        private final List<Integer> sent = new ArrayList<>();
        private byte[] header = {};
    }

    private final ClockFault fault;
    private final RawRtmp rtmp;
    private final Map<Integer, Track> tracks = new HashMap<>();
    private final List<Runnable> heldBack = new ArrayList<>();

    FaultyPublisher(SluiceProcess server, ClockFault fault) {
        this.fault = fault;
        rtmp = RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream();
        rtmp.publish(fault.toString());
        rtmp.expect("NetStream.Publish.Start");
    }

    /// @param sinceMs the tag's time since the fault began; negative before it
    void send(FlvTags.Tag tag, long sinceMs) {
        if (tag.type() == FlvTags.DATA) {
            return;
        }
        var track = tracks.computeIfAbsent(tag.type(), type -> new Track());
        if (tag.isHeader()) {
            track.header = tag.body();
            return;
        }
        int number = track.next++;
        if (!fault.isLost(tag.type(), sinceMs)) {
            sendFrame(track, number, tag, sinceMs);
        }
    }

    private void sendFrame(Track track, int number, FlvTags.Tag tag, long sinceMs) {
        track.lastMs = fault.clockMs(tag.ms(), sinceMs, number, track.lastMs);
        if (track.sent.isEmpty()) {
            rtmp.media(tag.type(), track.lastMs, track.header);
        }
        track.sent.add(number);
        long clockMs = track.lastMs;
        var body = composed(tag, fault.compositionMs(sinceMs));
        heldBack.add(() -> rtmp.media(tag.type(), clockMs, body));
        if (!fault.isHeldBack(sinceMs)) {
            heldBack.forEach(Runnable::run);
            heldBack.clear();
        }
    }

    private static byte[] composed(FlvTags.Tag tag, int compositionMs) {
        var body = tag.body().clone();
        if (tag.type() == FlvTags.VIDEO) {
            body[2] = (byte) (compositionMs >> 16);
            body[3] = (byte) (compositionMs >> 8);
            body[4] = (byte) compositionMs;
        }
        return body;
    }

    /// Numbers of the file's frames that were sent, in their order.
    List<Integer> sent(int type) {
        return tracks.get(type).sent;
    }

    void sayGoodbye() {
        rtmp.command(0, "deleteStream", 4, null, 1);
    }

    @Override
    public void close() {
        rtmp.close();
    }
}
