package dev.sluice.hub;

import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.TrackKind;

/// A publication that does not feed its stream yet, and what is known of it. Owned by the stream's home loop.
final class Candidate {
    /// How long a first picture is awaited where sound comes already.
    private static final long PICTURE_NS = 3_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private final Publication publication;
    private final boolean mayDisplace;
    private StreamState state = StreamState.EMPTY;
    private long firstFrameNs = NEVER;
    private boolean sawPicture;

    /// @param mayDisplace whether it need not wait until the publisher before it is gone
    Candidate(Publication publication, boolean mayDisplace) {
        this.publication = publication;
        this.mayDisplace = mayDisplace;
    }

    Publication publication() {
        return publication;
    }

    boolean mayDisplace() {
        return mayDisplace;
    }

    StreamState state() {
        return state;
    }

    /// Takes note of an entry.
    ///
    /// @return whether the stream may go on with it: a key frame; sound where no picture comes
    boolean startsWith(Entry entry, StreamState before, long nowNs) {
        state = state.after(entry);
        if (!(entry instanceof Frame frame)) {
            return false;
        }
        firstFrameNs = firstFrameNs == NEVER ? nowNs : firstFrameNs;
        sawPicture |= frame.track().kind() == TrackKind.VIDEO;
        boolean pictureMayCome =
                state.leadingVideo().isPresent() || before.leadingVideo().isPresent();
        return pictureMayCome
                ? state.leadingVideo().isPresent() && state.joinsAt(frame)
                        || !sawPicture && nowNs - firstFrameNs >= PICTURE_NS
                : state.joinsAt(frame);
    }
}
