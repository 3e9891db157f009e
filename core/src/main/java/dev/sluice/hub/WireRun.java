package dev.sluice.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/// Consecutive records, written in one go. Made once for all viewers of a loop who are at the same place; valid during
/// [Framing#run] only.
public final class WireRun<P> {
    private final long from;
    private final List<WireRecord<P>> records;
    private final List<Piece> pieces;
    private final int length;

    /// What lies side by side in one slab.
    public record Piece(Slab slab, int offset, int length) {
        /// As a slice with a reference of its own.
        public ByteBuf bytes() {
            return memory().retainedSlice(offset, length);
        }

        /// What it is a part of. Only to read from, and by index.
        public ByteBuf memory() {
            return slab.bytes();
        }

        /// Where the first byte lies in memory; only where there are addresses.
        public long address() {
            return slab.address() + offset;
        }
    }

    WireRun(long from, List<WireRecord<P>> records) {
        this.from = from;
        this.records = records;
        this.pieces = piecesOf(records);
        this.length = sum(records.size());
    }

    private static <P> List<Piece> piecesOf(List<WireRecord<P>> records) {
        List<Piece> pieces = new ArrayList<>(2);
        int start = 0;
        for (int i = 1; i <= records.size(); i++) {
            if (i == records.size()
                    || records.get(i).slab() != records.get(start).slab()) {
                var first = records.get(start);
                var last = records.get(i - 1);
                pieces.add(new Piece(first.slab(), first.offset(), last.offset() + last.length() - first.offset()));
                start = i;
            }
        }
        return pieces;
    }

    /// At least one, in their order.
    public List<WireRecord<P>> records() {
        return records;
    }

    /// How many records.
    public int count() {
        return records.size();
    }

    /// Where the bytes lie, in their order: usually one piece.
    public List<Piece> pieces() {
        return pieces;
    }

    /// Bytes in all.
    public int length() {
        return length;
    }

    /// Whether it is known where in memory the bytes lie.
    public boolean hasAddresses() {
        return records.getFirst().slab().address() != 0;
    }

    /// Bytes of the first `count` records.
    int lengthOf(int count) {
        return count == records.size() ? length : sum(count);
    }

    /// How many records there are up to the one that the byte at `at` belongs to, and with it.
    public int countThrough(int at) {
        int count = 1;
        for (int end = records.getFirst().length(); end <= at; count++) {
            end += records.get(count).length();
        }
        return count;
    }

    /// A copy of what is left of the last of the first `count` records once `sent` bytes of the run are gone, some of
    /// them its own. It pins nothing, however long it waits.
    public ByteBuf rest(int count, int sent) {
        var record = records.get(count - 1);
        int gone = sent - lengthOf(count - 1);
        int left = record.length() - gone;
        return ByteBufAllocator.DEFAULT
                .directBuffer(left)
                .writeBytes(record.slab().bytes(), record.offset() + gone, left);
    }

    WireRecord<P> first() {
        return records.getFirst();
    }

    long from() {
        return from;
    }

    private int sum(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += records.get(i).length();
        }
        return sum;
    }
}
