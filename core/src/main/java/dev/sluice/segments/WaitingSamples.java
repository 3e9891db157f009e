package dev.sluice.segments;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The frames of a track that wait for their segment, oldest first, and what they cost. Owned by the home loop.
final class WaitingSamples {
    /// What a frame costs besides its payload: a flood of tiny frames must count as well.
    private static final int OVERHEAD_BYTES = 128;

    private final Deque<TimedSample> samples = new ArrayDeque<>();
    private long bytes;

    /// Of memory, about.
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return samples.isEmpty();
    }

    /// The oldest, or null.
    @Nullable
    TimedSample peek() {
        return samples.peek();
    }

    void add(TimedSample sample) {
        samples.add(sample);
        bytes += cost(sample);
    }

    void addAll(List<TimedSample> more) {
        more.forEach(this::add);
    }

    /// Takes the oldest; there must be one.
    TimedSample remove() {
        var oldest = samples.remove();
        bytes -= cost(oldest);
        return oldest;
    }

    /// Whether there were any.
    boolean removeIf(Predicate<TimedSample> unwanted) {
        return samples.removeIf(sample -> {
            boolean gone = unwanted.test(sample);
            bytes -= gone ? cost(sample) : 0;
            return gone;
        });
    }

    private static long cost(TimedSample sample) {
        return OVERHEAD_BYTES + (long) sample.payload().length();
    }
}
