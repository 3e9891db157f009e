package dev.sluice.hub;

import java.util.concurrent.atomic.AtomicLong;

/// One number for everything that live streams keep: entries on the heap and finished bytes off it. A log that
/// finds it exceeded gives up its oldest entries until it is not, so no stream and no viewer can take the
/// machine's memory. Any thread.
public final class MemoryBudget {
    private final long maxBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    public MemoryBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    void remove(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    public boolean exceeded() {
        return usedBytes.get() > maxBytes;
    }

    /// Whether a new stream may start: four fifths are not used yet.
    public boolean hasRoom() {
        return usedBytes.get() < maxBytes / 5 * 4;
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    public long maxBytes() {
        return maxBytes;
    }
}
