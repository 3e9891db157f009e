package dev.sluice.hub;

import io.netty.buffer.ByteBuf;

/// Consecutive records that lie in one piece. Valid during [Framing#run] only.
public final class WireRun<P> {
    private final Cursor<WireRecord<P>> cursor;
    private final WireRecord<P> first;
    private final int records;
    private final int length;

    WireRun(Cursor<WireRecord<P>> cursor, WireRecord<P> first, int records, int length) {
        this.cursor = cursor;
        this.first = first;
        this.records = records;
        this.length = length;
    }

    public int records() {
        return records;
    }

    /// The record at `index`.
    public WireRecord<P> record(int index) {
        var record = index == 0 ? first : cursor.peek(index);
        if (record == null) {
            throw new IllegalStateException("record " + index + " of a run of " + records + " is gone");
        }
        return record;
    }

    /// All bytes as one slice with a reference of its own.
    public ByteBuf bytes() {
        return first.slab().slice(first.offset(), length);
    }

    /// The bytes of one record, with a reference of their own.
    public ByteBuf bytes(WireRecord<P> record) {
        return record.slab().slice(record.offset(), record.length());
    }
}
