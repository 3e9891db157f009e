package dev.sluice.hub;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One viewer: a cursor on finished bytes and a connection. Owned by the loop of its outlet.
final class WireViewer<P> implements Viewing, Reader<WireRecord<P>> {
    private static final Runnable NOBODY = () -> {};

    private final Outlet outlet;
    private final Framing<P> framing;
    private @Nullable P joinedWith;
    private @Nullable WireRuns<P> runs;
    private volatile @Nullable Cursor<WireRecord<P>> cursor;
    private Runnable onGone = NOBODY;
    private volatile boolean over;
    private boolean joined;
    private long seenNs;
    private volatile long bytesSent;

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
    ///
    /// @param runs of that loop
    void start(StreamLog<WireRecord<P>> log, WireRuns<P> runs, Runnable gone) {
        this.runs = runs;
        runs.enter();
        onGone = gone;
        if (over) {
            leave();
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
        var shared = Objects.requireNonNull(runs);
        if (!joined) {
            skipWhatWasSeen(from);
        }
        boolean wrote = false;
        while (!over && outlet.writable()) {
            var run = shared.next(from);
            if (run == null) {
                break;
            }
            joined = true;
            write(run, from);
            wrote = true;
        }
        if (wrote) {
            outlet.flush();
        }
    }

    /// Who saw a part of the stream before does not get it again. Everybody else starts where the log lets him.
    private void skipWhatWasSeen(Cursor<WireRecord<P>> from) {
        if (seenNs == Long.MIN_VALUE) {
            return;
        }
        for (var record = from.peek(); record != null; record = from.peek()) {
            if (record.join() && record.timeNs() > seenNs) {
                return;
            }
            from.advance();
        }
    }

    @SuppressWarnings("ReferenceEquality") // another prologue is another start, even if it says the same
    private void write(WireRun<P> run, Cursor<WireRecord<P>> from) {
        var first = run.first();
        boolean jumped = from.takeJumped();
        if (jumped || first.prologue() != joinedWith) {
            if (joinedWith != null && !framing.follows(joinedWith, first.prologue())) {
                finish(EndReason.CODEC_CHANGED);
                return;
            }
            if (jumped && joinedWith != null) { // the first place is no jump
                framing.jumped();
            }
            joinedWith = first.prologue();
            framing.join(first.prologue(), first, outlet);
        }
        int taken = framing.run(run, outlet);
        bytesSent = bytesSent + run.lengthOf(taken); // written here only
        seenNs = Math.max(seenNs, run.records().get(taken - 1).timeNs());
        from.advance(taken);
    }

    @Override
    public long touch() {
        return bytesSent + seenNs + outlet.touch();
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
        var opened = cursor;
        return opened == null ? 0 : opened.jumps();
    }

    @Override
    public Lag lag() {
        var opened = cursor;
        return opened == null || over ? Lag.NONE : opened.lag();
    }

    @Override
    public long seenNs() {
        return seenNs;
    }

    private void resume() {
        var opened = cursor;
        if (opened != null && !over) {
            opened.resume();
        }
    }

    private void finish(EndReason why) {
        if (over) {
            return;
        }
        over = true;
        var opened = cursor;
        if (opened != null) {
            opened.close();
        }
        try {
            framing.end(why, outlet);
        } finally {
            leave();
        }
    }

    /// Whoever ends before he starts leaves when he would start.
    private void leave() {
        if (runs != null) {
            runs.leave();
        }
        onGone.run();
    }

    /// The stream could not make its bytes. On the outlet's loop.
    void fail() {
        finish(EndReason.SUBSCRIBER_FAILED);
    }
}
