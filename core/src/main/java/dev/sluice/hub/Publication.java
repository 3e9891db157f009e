package dev.sluice.hub;

import dev.sluice.media.Entry;

/// One publisher feeding one live stream. Owned by the stream's home loop.
public final class Publication {
    private final LiveStream stream;
    private final int epoch;
    private boolean open = true;

    Publication(LiveStream stream, int epoch) {
        this.stream = stream;
        this.epoch = epoch;
    }

    public LiveStream stream() {
        return stream;
    }

    /// Grows by one with each publication of a stream.
    public int epoch() {
        return epoch;
    }

    /// Appends an entry with the publisher's own times. After [#close] it is ignored.
    public void write(Entry entry) {
        if (open) {
            stream.append(entry, epoch);
        }
    }

    /// Ends the publication, and with it the stream. The first call counts.
    public void close(EndReason why) {
        if (open) {
            open = false;
            stream.end(why);
        }
    }
}
