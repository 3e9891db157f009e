package dev.sluice.hub;

import org.jspecify.annotations.Nullable;

/// A reader's position in a [StreamLog]: no queue, no copy. Owned by the reader's loop.
public final class Cursor<E> {
    private final LoopFan<E> fan;
    private final StreamLog<E> log;
    private final Reader<E> reader;
    /// Written on the reader's loop only.
    private volatile long position;

    private boolean jumped = true;
    private volatile long jumps;
    private long blockedSinceNs = Long.MAX_VALUE;
    private boolean closed;
    private boolean serving;

    Cursor(LoopFan<E> fan, StreamLog<E> log, long from, Reader<E> reader) {
        this.fan = fan;
        this.log = log;
        this.reader = reader;
        this.position = from;
    }

    /// The next item, or null at the tail. Falls forward to a join point when the item is gone.
    public @Nullable E peek() {
        return peek(0);
    }

    /// The item `ahead` positions further, or null when it is not there.
    public @Nullable E peek(int ahead) {
        var slot = log.slot(position + ahead);
        if (slot == null && ahead == 0 && position < log.tail()) {
            fallForward();
            slot = log.slot(position);
        }
        return slot == null ? null : slot.item();
    }

    /// When the item that [#peek()] gives came, nanoseconds on the clock of the loops; `Long.MAX_VALUE` at the tail.
    public long cameNs() {
        var slot = log.slot(position);
        return slot == null ? Long.MAX_VALUE : slot.cameNs();
    }

    /// The next item was read.
    public void advance() {
        advance(1);
    }

    /// So many were read.
    void advance(int items) {
        position = position + items;
    }

    /// The item that [#peek()] gave could not be used any more: it was evicted while it was looked at.
    public void fallForward() {
        long join = log.joinPoint();
        position = Math.max(join, position + (join > position ? 0 : 1));
        jumped();
    }

    /// Whether the next item does not follow the one read before: at the start and after each jump. Asking resets
    /// it.
    public boolean takeJumped() {
        boolean was = jumped;
        jumped = false;
        return was;
    }

    /// How often this reader lost items, in whole GOPs. Any thread.
    public long jumps() {
        return jumps;
    }

    public long position() {
        return position;
    }

    /// How far this reader is behind. Any thread.
    Lag lag() {
        return log.lagAt(position);
    }

    /// The reader can take more. On the reader's loop.
    public void resume() {
        if (!closed) {
            fan.serve(this);
        }
    }

    /// Detaches the reader; [Reader#onEnd] is not called. On the reader's loop, twice does no harm.
    public void close() {
        if (!closed) {
            closed = true;
            fan.remove(this);
        }
    }

    /// See [LoopFan]; the value says nothing.
    long touch() {
        return position + blockedSinceNs + reader.touch();
    }

    boolean closed() {
        return closed;
    }

    boolean atTail() {
        return position >= log.tail();
    }

    /// One serving: jump if too late, let the reader take, note whether it moved.
    ///
    /// @return how many items it took
    long serve(long nowNs) {
        if (serving) {
            return 0; // the reader's own writes made its connection writable again
        }
        serving = true;
        jumpIfTooLate(nowNs);
        long before = position; // a jump is no progress: only what the reader takes is
        try {
            reader.take(this);
        } finally {
            serving = false;
        }
        if (position != before || atTail()) {
            blockedSinceNs = Long.MAX_VALUE;
        } else if (blockedSinceNs == Long.MAX_VALUE) {
            blockedSinceNs = nowNs;
        }
        return Math.max(0, position - before);
    }

    boolean stalled(long nowNs, long maxNs) {
        return blockedSinceNs != Long.MAX_VALUE && nowNs - blockedSinceNs > maxNs;
    }

    void end(EndReason why) {
        if (!closed) {
            closed = true;
            reader.onEnd(why);
        }
    }

    private void jumped() {
        jumped = true;
        jumps = jumps + 1; // written here only
    }

    private void jumpIfTooLate(long nowNs) {
        long join = log.newestJoin();
        if (join > position && log.tooLate(position, nowNs)) {
            position = join;
            jumped();
        }
    }
}
