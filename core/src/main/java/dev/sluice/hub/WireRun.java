package dev.sluice.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/// Consecutive records that lie in one piece. Made once for all viewers of a loop who are at the same place; valid
/// during [Framing#run] only.
public final class WireRun<P> {
    private final long from;
    private final List<WireRecord<P>> records;
    private final Slab slab;
    private final int offset;
    private final int length;

    WireRun(long from, List<WireRecord<P>> records) {
        var first = records.getFirst();
        this.from = from;
        this.records = records;
        this.slab = first.slab();
        this.offset = first.offset();
        this.length = records.getLast().end() - offset;
    }

    /// At least one, in their order.
    public List<WireRecord<P>> records() {
        return records;
    }

    /// Bytes in all.
    public int length() {
        return length;
    }

    /// Where the first byte lies in memory; 0 where that cannot be known.
    public long address() {
        return slab.address() == 0 ? 0 : slab.address() + offset;
    }

    /// All bytes as one slice with a reference of its own.
    public ByteBuf bytes() {
        return slab.slice(offset, length);
    }

    /// A copy of everything from the `sent`th byte on. It pins nothing, however long it waits.
    public ByteBuf rest(int sent) {
        return ByteBufAllocator.DEFAULT
                .directBuffer(length - sent)
                .writeBytes(slab.bytes(), offset + sent, length - sent);
    }

    /// Adds the bytes of one record to a buffer.
    public void copy(WireRecord<P> record, ByteBuf out) {
        out.writeBytes(slab.bytes(), record.offset(), record.length());
    }

    WireRecord<P> first() {
        return records.getFirst();
    }

    WireRecord<P> last() {
        return records.getLast();
    }

    long from() {
        return from;
    }

    int count() {
        return records.size();
    }

    Slab slab() {
        return slab;
    }
}
