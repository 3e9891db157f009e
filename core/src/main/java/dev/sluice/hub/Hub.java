package dev.sluice.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// All live streams. Any thread may look; a stream is created on the loop of its first publisher, which becomes its
/// home.
public final class Hub {
    private static final ContinuitySettings ENDS_AT_ONCE =
            new ContinuitySettings(ContinuitySettings.SecondPublisher.REFUSE, 0, 0);
    private static final StreamSettings AT_ONCE = new StreamSettings(ENDS_AT_ONCE, new FanoutSettings("0ms", 0));

    private final HubShared shared;
    private final Function<String, StreamSettings> settings;
    private final Map<StreamName, LiveStream> streams = new ConcurrentHashMap<>();
    private final List<Consumer<LiveStream>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<LiveStream>> endListeners = new CopyOnWriteArrayList<>();

    /// A hub whose streams end with their publisher, at once, and where every frame leaves at once.
    ///
    /// @param wallClockMs milliseconds since 1970
    public Hub(HubSettings settings, LongSupplier wallClockMs) {
        this(settings, app -> AT_ONCE, wallClockMs);
    }

    /// @param ofApp what holds for an application, by its name
    /// @param wallClockMs milliseconds since 1970
    public Hub(HubSettings settings, Function<String, StreamSettings> ofApp, LongSupplier wallClockMs) {
        this.shared = new HubShared(settings, wallClockMs);
        this.settings = ofApp;
    }

    /// What came of the wish to publish.
    public sealed interface PublishOutcome {}

    public record Started(Publication publication) implements PublishOutcome {}

    /// Somebody else publishes this name.
    ///
    /// @param why a sentence for the user
    public record Busy(String why) implements PublishOutcome {}

    /// The memory budget has no room for another stream.
    public record Full(long usedBytes, long maxBytes) implements PublishOutcome {}

    /// Takes somebody as a publisher of a new stream, or of one that is there: what then happens is a setting
    /// ([ContinuitySettings]). Call on the loop of the claim, which becomes the home of a new stream.
    ///
    /// @return answered at once, or within a second; on any thread
    public CompletionStage<PublishOutcome> publish(StreamName name, Claim claim) {
        var answer = new CompletableFuture<PublishOutcome>();
        attempt(name, claim, answer);
        return answer;
    }

    private void attempt(StreamName name, Claim claim, CompletableFuture<PublishOutcome> answer) {
        var present = streams.get(name);
        if (present == null) {
            create(name, claim, answer);
            return;
        }
        present.home().run(() -> {
            if (present.hasEnded()) {
                claim.loop().execute(() -> attempt(name, claim, answer));
            } else {
                present.publishers().claim(claim, answer::complete);
            }
        });
    }

    private void create(StreamName name, Claim claim, CompletableFuture<PublishOutcome> answer) {
        var budget = shared.budget();
        if (!budget.hasRoom()) {
            answer.complete(new Full(budget.usedBytes(), budget.maxBytes()));
            return;
        }
        var stream = new LiveStream(name, claim.loop(), settings.apply(name.app()), shared, this::remove);
        if (streams.putIfAbsent(name, stream) != null) {
            attempt(name, claim, answer);
            return;
        }
        try {
            listeners.forEach(listener -> listener.accept(stream));
        } catch (RuntimeException failure) {
            remove(stream); // or the name would be taken for ever
            throw failure;
        }
        stream.publishers().claim(claim, answer::complete);
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

    /// Calls `listener` with each stream that ended, on its home loop, after its last entry.
    public void onEnd(Consumer<LiveStream> listener) {
        endListeners.add(listener);
    }

    public MemoryBudget budget() {
        return shared.budget();
    }

    private void remove(LiveStream stream) {
        streams.remove(stream.name(), stream);
        endListeners.forEach(listener -> listener.accept(stream));
    }
}
