package dev.sluice.segments;

import dev.sluice.media.Payload;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Segments on the heap, with a count of their bytes.
public final class MemorySegmentStore implements SegmentStore {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final long maxBytes;
    private final Map<String, Payload> byPath = new ConcurrentHashMap<>();
    private final AtomicLong usedBytes = new AtomicLong();

    public MemorySegmentStore(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public CompletionStage<Void> put(String path, Payload bytes) {
        var before = byPath.put(path, bytes);
        usedBytes.addAndGet(bytes.length() - (before == null ? 0 : before.length()));
        return DONE;
    }

    @Override
    public CompletionStage<Optional<Payload>> get(String path) {
        return CompletableFuture.completedStage(Optional.ofNullable(byPath.get(path)));
    }

    @Override
    public void delete(String path) {
        var gone = byPath.remove(path);
        if (gone != null) {
            usedBytes.addAndGet(-gone.length());
        }
    }

    @Override
    public boolean full() {
        return usedBytes.get() > maxBytes;
    }

    public long usedBytes() {
        return usedBytes.get();
    }
}
