package dev.sluice.hub;

import dev.sluice.media.Frame;
import java.util.function.Consumer;

/// Mends the distance from a frame's decode time to its presentation time, which is never negative and at
/// most ten seconds in the stream. Owned by the stream's home loop.
///
/// A picture that is to be shown before it is decoded means that its encoder numbers the decode times too
/// late: FFmpeg refuses such packets, and to show the picture later would put it beside its neighbour. So the
/// decode times of the track move earlier from there on, and the presentation stays as it is.
final class Composition {
    private static final long MAX_NS = 10_000 * Timeline.MS;
    /// Not more than a track may go back without having jumped.
    private static final long MAX_EARLIER_NS = TrackClock.TOLERANCE_NS;

    private long earlierNs;

    /// Another publication begins.
    void leave() {
        earlierNs = 0;
    }

    /// The frame with another decode time, another presentation time, or as it is. One instance per track.
    Frame mend(Frame frame, Consumer<Repair> count) {
        long offsetNs = frame.ptsNs() - frame.dtsNs();
        if (offsetNs > MAX_NS - earlierNs) {
            count.accept(Repair.COMPOSITION);
            return shifted(frame, 0);
        }
        if (offsetNs + earlierNs >= 0) {
            return shifted(frame, offsetNs);
        }
        count.accept(Repair.PTS_BEFORE_DTS);
        if (offsetNs < -MAX_EARLIER_NS) {
            return shifted(frame, -earlierNs);
        }
        earlierNs = -offsetNs;
        return shifted(frame, offsetNs);
    }

    /// @param offsetNs from the decode time that the publisher gave to the presentation
    private Frame shifted(Frame frame, long offsetNs) {
        if (earlierNs == 0 && offsetNs == frame.ptsNs() - frame.dtsNs()) {
            return frame;
        }
        long dtsNs = frame.dtsNs() - earlierNs;
        return new Frame(frame.track(), dtsNs, dtsNs + earlierNs + offsetNs, frame.kind(), frame.payload());
    }
}
