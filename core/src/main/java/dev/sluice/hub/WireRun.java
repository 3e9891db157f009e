package dev.sluice.hub;

import io.netty.buffer.ByteBuf;
import java.util.List;

/// Consecutive records that lie in one piece. Valid during [Framing#run] only.
public final class WireRun<P> {
    private final List<WireRecord<P>> records;
    private final int length;

    WireRun(List<WireRecord<P>> records, int length) {
        this.records = records;
        this.length = length;
    }

    /// At least one, in their order.
    public List<WireRecord<P>> records() {
        return records;
    }

    /// All bytes as one slice with a reference of its own.
    public ByteBuf bytes() {
        var first = records.getFirst();
        return first.slab().slice(first.offset(), length);
    }

    /// The bytes of one record, with a reference of their own.
    public ByteBuf bytes(WireRecord<P> record) {
        return record.slab().slice(record.offset(), record.length());
    }
}
