package dev.sluice.hub;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One viewer: a cursor on finished bytes and a connection. Owned by the loop of its outlet.
final class WireViewer<P> implements Viewing, Reader<WireRecord<P>> {
    /// One write: large enough to be cheap, small enough that a viewer who stops reading pins little.
    private static final int MAX_RUN_BYTES = 64 << 10;

    private final Outlet outlet;
    private final Framing<P> framing;
    private final List<WireRecord<P>> run = new ArrayList<>();
    private @Nullable P joinedWith;
    private @Nullable Cursor<WireRecord<P>> cursor;
    private Runnable onGone = () -> {};
    private boolean over;
    private boolean joined;
    private long seenNs;
    private long sent;
    private volatile long bytesSent;
    private volatile long jumps;

    /// @param seenNs the viewer has seen the stream up to here, and starts at a join point behind it
    WireViewer(Outlet outlet, Framing<P> framing, long seenNs) {
        this.outlet = outlet;
        this.framing = framing;
        this.seenNs = seenNs;
    }

    Loop loop() {
        return outlet.loop();
    }

    /// On the outlet's loop.
    void start(StreamLog<WireRecord<P>> log, Runnable gone) {
        onGone = gone;
        if (over) {
            gone.run();
            return;
        }
        outlet.onWritable(this::resume);
        outlet.onClosed(() -> finish(EndReason.CONNECTION_LOST));
        if (!over) {
            var opened = log.open(outlet.loop(), log.joinPoint(), this);
            cursor = opened;
            if (over) {
                opened.close();
            }
        }
    }

    @Override
    public void take(Cursor<WireRecord<P>> from) {
        boolean wrote = false;
        while (!over && outlet.writable()) {
            var first = from.peek();
            if (first == null) {
                break;
            }
            if (!joined && wasSeen(first)) {
                from.advance();
                continue;
            }
            joined = true;
            if (!first.slab().tryRetain()) {
                from.fallForward();
                continue;
            }
            try {
                writeRun(from, first);
                wrote = true;
            } finally {
                first.slab().release();
            }
        }
        jumps = from.jumps();
        if (wrote) {
            outlet.flush();
        }
    }

    /// Who saw a part of the stream before does not get it again. Everybody else starts where the log lets him.
    private boolean wasSeen(WireRecord<P> record) {
        return seenNs != Long.MIN_VALUE && !(record.join() && record.timeNs() > seenNs);
    }

    @SuppressWarnings("ReferenceEquality") // another prologue is another start, even if it says the same
    private void writeRun(Cursor<WireRecord<P>> from, WireRecord<P> first) {
        boolean jumped = from.takeJumped();
        if (joinedWith != null && !framing.follows(joinedWith, first.prologue())) {
            finish(EndReason.CODEC_CHANGED);
            return;
        }
        if (jumped && joinedWith != null) { // the first place is no jump
            framing.jumped();
        }
        if (jumped || first.prologue() != joinedWith) {
            joinedWith = first.prologue();
            framing.join(first.prologue(), first, outlet);
        }
        int length = collectRun(from, first);
        framing.run(new WireRun<>(run, length), outlet);
        sent += length;
        bytesSent = sent;
        seenNs = Math.max(seenNs, run.getLast().timeNs());
        run.forEach(record -> from.advance());
    }

    /// Records that follow each other in one slab. They are kept for the run, because the log may drop them meanwhile;
    /// their bytes stay, because the slab is held.
    @SuppressWarnings("ReferenceEquality") // see above
    private int collectRun(Cursor<WireRecord<P>> from, WireRecord<P> first) {
        run.clear();
        run.add(first);
        int length = first.length();
        for (var next = from.peek(1); next != null; next = from.peek(run.size())) {
            boolean follows = next.slab() == first.slab()
                    && next.prologue() == first.prologue()
                    && length + next.length() <= MAX_RUN_BYTES;
            if (!follows) {
                break;
            }
            length += next.length();
            run.add(next);
        }
        return length;
    }

    @Override
    public void onEnd(EndReason why) {
        finish(why);
    }

    @Override
    public void end(EndReason why) {
        loop().run(() -> finish(why));
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public long jumps() {
        return jumps;
    }

    @Override
    public long seenNs() {
        return seenNs;
    }

    private void resume() {
        if (cursor != null && !over) {
            cursor.resume();
        }
    }

    private void finish(EndReason why) {
        if (over) {
            return;
        }
        over = true;
        if (cursor != null) {
            cursor.close();
        }
        try {
            framing.end(why, outlet);
        } finally {
            onGone.run();
        }
    }

    /// The stream could not make its bytes. On the outlet's loop.
    void fail() {
        finish(EndReason.SUBSCRIBER_FAILED);
    }
}
