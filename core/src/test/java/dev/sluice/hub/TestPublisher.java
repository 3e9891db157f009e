package dev.sluice.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Publishes for tests that do not care how.
public final class TestPublisher {
    private TestPublisher() {}

    /// Call on the loop, or with a loop that runs everything on the thread of the test.
    public static Publication publish(Hub hub, StreamName name, Loop loop) {
        return ((Hub.Started) outcome(hub, name, claim(loop, "test"))).publication();
    }

    public static Hub.PublishOutcome outcome(Hub hub, StreamName name, Claim claim) {
        return hub.publish(name, claim)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    public static Claim claim(Loop loop, String who) {
        return new Claim(loop, who, why -> {});
    }

    /// Remembers why it was displaced.
    public static final class Told {
        public final List<String> reasons = new ArrayList<>();

        public Claim claim(Loop loop, String who) {
            return new Claim(loop, who, reasons::add);
        }
    }
}
