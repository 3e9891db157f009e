package dev.sluice.hub;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where a packager puts its bytes. Owned by the stream's home loop.
public final class WireWriter<P> {
    private final StreamLog<WireRecord<P>> log;
    private final int slabBytes;
    private final MemoryBudget budget;
    /// Slabs that hold a record of the log, oldest first; the last is being written.
    private final Deque<Slab> slabs = new ArrayDeque<>();

    private @Nullable P prologue;
    private int recordStart;

    /// @param windows how long viewers of a loop wait for more
    WireWriter(Loop home, HubShared shared, Function<Loop, SendWindow> windows) {
        this.slabBytes = shared.settings().slabBytes();
        this.budget = shared.budget();
        this.log = new StreamLog<>(
                StreamLog.Holds.BYTES, home, StreamLog.Window.of(shared.settings()), windows, budget, this::evicted);
    }

    StreamLog<WireRecord<P>> log() {
        return log;
    }

    /// From the next record on, readers must have got this first: headers, initialisation, whatever the format
    /// needs.
    public void prologue(P next) {
        prologue = next;
    }

    /// Opens a record of at most `maxBytes` and gives the buffer to write it to. End it with [#end].
    public ByteBuf begin(int maxBytes) {
        var slab = slabs.peekLast();
        if (slab == null || slab.bytes().writableBytes() < maxBytes) {
            slab = new Slab(Math.max(slabBytes, maxBytes), budget);
            slabs.addLast(slab);
        }
        recordStart = slab.bytes().writerIndex();
        return slab.bytes();
    }

    /// Ends the record.
    ///
    /// @param timeNs decode time of the frame
    /// @param join whether a newcomer may start with this record
    /// @param mark 64 bits of the format's own
    public void end(long timeNs, boolean join, long mark) {
        var slab = slabs.getLast();
        int length = slab.bytes().writerIndex() - recordStart;
        log.append(
                new WireRecord<>(slab, recordStart, length, Objects.requireNonNull(prologue), timeNs, join, mark),
                length,
                timeNs,
                join);
    }

    void close() {
        log.clear();
        slabs.forEach(Slab::release);
        slabs.clear();
    }

    /// Records leave in order, so a slab is done when the oldest record lies in a later one.
    private void evicted(WireRecord<P> record) {
        var next = log.slot(log.head());
        while (slabs.size() > 1 && (next == null || next.item().slab() != slabs.getFirst())) {
            slabs.removeFirst().release();
        }
    }
}
