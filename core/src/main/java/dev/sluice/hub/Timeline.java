package dev.sluice.hub;

import dev.sluice.media.Frame;
import java.util.HashMap;
import java.util.Map;

/// Maps a publisher's clock to the stream's own, which starts near zero and never runs back, whatever the
/// publisher sends. Repairs are counted. Owned by the stream's home loop.
///
/// Two faults are mended. A clock that jumps (10 s further ahead than time has passed, or more than 2 s back
/// against everything seen) moves the offset, for all tracks alike, so that the offset between audio and video
/// survives. Within one track, decode times are strictly ordered: a frame that is not later than the one before
/// is put 1 ms after it.
final class Timeline {
    private static final long MS = 1_000_000L;
    /// Room for a second track that begins a little earlier than the first.
    private static final long START_NS = 100 * MS;

    private static final long MAX_AHEAD_NS = 10_000 * MS;
    private static final long MAX_BACK_NS = 2_000 * MS;
    private static final long USUAL_STEP_NS = 33 * MS;

    private record TrackKey(dev.sluice.media.TrackKind kind, int id) {}

    private final Map<TrackKey, Long> lastDtsNs = new HashMap<>();
    private long offsetNs;
    private boolean begins;
    private long newestNs = -1;
    private long lastArrivalNs;
    private long jumps;
    private long reordered;

    /// Another publication begins: its first frame comes as much later as time has passed.
    void begin(long nowNs) {
        begins = newestNs >= 0;
    }

    long lastArrivalNs() {
        return lastArrivalNs;
    }

    /// The frame at its place on the stream's timeline.
    ///
    /// @param nowNs when it arrived, on the loop's clock
    Frame place(Frame frame, long nowNs) {
        anchor(frame.dtsNs(), nowNs - lastArrivalNs);
        lastArrivalNs = nowNs;
        long dtsNs = frame.dtsNs() + offsetNs;
        var key = new TrackKey(frame.track().kind(), frame.track().id());
        long last = lastDtsNs.getOrDefault(key, -1L);
        if (dtsNs <= last) {
            reordered++;
            dtsNs = last + MS;
        }
        dtsNs = Math.max(0, dtsNs);
        lastDtsNs.put(key, dtsNs);
        newestNs = Math.max(newestNs, dtsNs);
        return frame.at(dtsNs);
    }

    /// Where something without an order of its own belongs: a change of tracks, metadata.
    long placeLoose(long publisherNs) {
        return newestNs < 0 ? 0 : Math.clamp(publisherNs + offsetNs, 0, newestNs);
    }

    /// @param waitedNs since the frame before arrived: a clock that went on as long as that has not jumped
    private void anchor(long publisherNs, long waitedNs) {
        if (newestNs < 0) {
            offsetNs = START_NS - publisherNs;
            return;
        }
        if (begins) {
            begins = false;
            offsetNs = newestNs + Math.max(USUAL_STEP_NS, waitedNs) - publisherNs;
            return;
        }
        long step = publisherNs + offsetNs - newestNs;
        if (step > MAX_AHEAD_NS + waitedNs || step < -MAX_BACK_NS) {
            jumps++;
            offsetNs = newestNs + USUAL_STEP_NS - publisherNs;
        }
    }

    long newestNs() {
        return Math.max(0, newestNs);
    }

    /// How often the publisher's clock jumped.
    long jumps() {
        return jumps;
    }

    /// How many frames were not later than the one before on their track.
    long reordered() {
        return reordered;
    }
}
