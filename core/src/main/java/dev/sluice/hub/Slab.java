package dev.sluice.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;

/// A block of finished bytes off the heap. Written by one thread, read by all.
///
/// It has a count of its own because a reader may hold on to it while the writer lets go: Netty reuses its buffer
/// objects, so only an object that is never reused can say reliably that it is gone.
final class Slab {
    private final ByteBuf bytes;
    private final long address;
    private final MemoryBudget budget;
    private final AtomicInteger references = new AtomicInteger(1);

    Slab(int capacity, MemoryBudget budget) {
        this.bytes = ByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
        this.address = bytes.hasMemoryAddress() ? bytes.memoryAddress() : 0;
        this.budget = budget;
        budget.add(capacity);
    }

    /// The writer's end of it.
    ByteBuf bytes() {
        return bytes;
    }

    /// Where it lies in memory; 0 where that cannot be known.
    long address() {
        return address;
    }

    boolean tryRetain() {
        for (int count = references.get(); count > 0; count = references.get()) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            budget.remove(bytes.capacity());
            bytes.release();
        }
    }
}
