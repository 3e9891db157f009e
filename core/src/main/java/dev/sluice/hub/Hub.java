package dev.sluice.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// All live streams. Any thread may look; a stream is created on the loop of its publisher, which becomes its
/// home.
public final class Hub {
    private final HubSettings settings;
    private final MemoryBudget budget;
    private final LongSupplier wallClockMs;
    private final Map<StreamName, LiveStream> streams = new ConcurrentHashMap<>();
    private final List<Consumer<LiveStream>> listeners = new CopyOnWriteArrayList<>();

    /// @param wallClockMs milliseconds since 1970
    public Hub(HubSettings settings, LongSupplier wallClockMs) {
        this.settings = settings;
        this.budget = new MemoryBudget(settings.effectiveMemoryMaxBytes());
        this.wallClockMs = wallClockMs;
    }

    /// What came of the wish to publish.
    public sealed interface PublishOutcome {}

    public record Started(Publication publication) implements PublishOutcome {}

    /// Somebody publishes this name already.
    public record Busy(LiveStream by) implements PublishOutcome {}

    /// The memory budget has no room for another stream.
    public record Full(long usedBytes, long maxBytes) implements PublishOutcome {}

    /// Starts a stream. On `home`, the publisher's loop.
    public PublishOutcome publish(StreamName name, Loop home) {
        if (!budget.hasRoom()) {
            return new Full(budget.usedBytes(), budget.maxBytes());
        }
        var stream = new LiveStream(name, home, settings, budget, wallClockMs.getAsLong(), this::remove);
        var present = streams.putIfAbsent(name, stream);
        if (present != null) {
            return new Busy(present);
        }
        try {
            listeners.forEach(listener -> listener.accept(stream));
        } catch (RuntimeException failure) {
            remove(stream); // or the name would be taken for ever
            throw failure;
        }
        return new Started(new Publication(stream, 1));
    }

    public Optional<LiveStream> find(StreamName name) {
        return Optional.ofNullable(streams.get(name));
    }

    public Collection<LiveStream> live() {
        return new ArrayList<>(streams.values());
    }

    /// Calls `listener` with each new stream, on its home loop, before its first entry.
    public void onStream(Consumer<LiveStream> listener) {
        listeners.add(listener);
    }

    public MemoryBudget budget() {
        return budget;
    }

    private void remove(LiveStream stream) {
        streams.remove(stream.name(), stream);
    }
}
