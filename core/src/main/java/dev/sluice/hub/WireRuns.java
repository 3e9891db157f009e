package dev.sluice.hub;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts together what viewers of one loop write. Nearly all are at the same place in the log, so the run that was made
/// for one is right for the next, and costs him nothing. Also says how long they wait for more. Owned by the loop.
final class WireRuns<P> implements SendWindow {
    /// One write: large enough to be cheap, small enough that a viewer who stops reading makes us keep little.
    private static final int MAX_RUN_BYTES = 128 << 10;

    private final StreamLog<WireRecord<P>> log;
    private final FanoutSettings fanout;
    private final LoopLoad load;
    /// Its slabs are held, until the pass over the viewers is over or the last of them is gone.
    private @Nullable WireRun<P> newest;
    /// The end of the log when [#newest] was made, or [Long#MAX_VALUE] if nothing can be added to it any more.
    private long madeAtTail;
    private int viewers;

    WireRuns(StreamLog<WireRecord<P>> log, FanoutSettings fanout, LoopLoad load) {
        this.log = log;
        this.fanout = fanout;
        this.load = load;
    }

    @Override
    public long ns() {
        return fanout.windowNs(load);
    }

    @Override
    public void sent(long items, long readers, long tookNs, long nowNs) {
        load.sent(items, readers, tookNs, nowNs);
        forget();
    }

    void enter() {
        viewers++;
    }

    void leave() {
        viewers--;
        if (viewers == 0) {
            forget();
        }
    }

    /// What a viewer at this place writes next, or null at the end of the log. Valid until the next call.
    @Nullable
    WireRun<P> next(Cursor<WireRecord<P>> cursor) {
        var present = newest;
        if (present != null
                && present.from() == cursor.position()
                && (madeAtTail == Long.MAX_VALUE || madeAtTail == log.tail())) {
            return present;
        }
        return make(cursor);
    }

    private @Nullable WireRun<P> make(Cursor<WireRecord<P>> cursor) {
        for (var first = cursor.peek(); first != null; first = cursor.peek()) {
            if (first.slab().tryRetain()) {
                forget();
                return collect(cursor, first);
            }
            cursor.fallForward();
        }
        return null;
    }

    /// Records that follow each other; the slabs they lie in are held. The log may drop the records meanwhile.
    ///
    /// @param first whose slab is held already
    @SuppressWarnings("ReferenceEquality") // another prologue is another start, even if it says the same
    private WireRun<P> collect(Cursor<WireRecord<P>> cursor, WireRecord<P> first) {
        List<WireRecord<P>> records = new ArrayList<>();
        records.add(first);
        madeAtTail = log.tail();
        int length = first.length();
        for (var next = cursor.peek(1); next != null; next = cursor.peek(records.size())) {
            boolean follows = next.prologue() == first.prologue()
                    && length + next.length() <= MAX_RUN_BYTES
                    && (next.slab() == records.getLast().slab() || next.slab().tryRetain());
            if (!follows) {
                madeAtTail = Long.MAX_VALUE;
                break;
            }
            length += next.length();
            records.add(next);
        }
        var made = new WireRun<>(cursor.position(), records);
        newest = made;
        return made;
    }

    private void forget() {
        if (newest != null) {
            newest.pieces().forEach(piece -> piece.slab().release());
            newest = null;
        }
    }
}
