package dev.sluice.app;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;

/// Ends a server within a time that a person and a service manager can rely on.
final class OrderlyStop {
    /// Leaves room within the promised 5 s for the JVM to end.
    static final Duration LIMIT = Duration.ofMillis(4_500);

    private OrderlyStop() {}

    /// Runs `closing` on a thread of its own and waits for it, but not longer than `limit`. Returns the exit
    /// code.
    static int run(Runnable closing, Duration limit, PrintStream err) throws InterruptedException {
        var failures = new CopyOnWriteArrayList<String>();
        var closer = Thread.ofPlatform().name("sluice-stop").daemon().start(() -> {
            try {
                closing.run();
            } catch (RuntimeException e) {
                failures.add("the stop failed: " + e);
            }
        });
        if (!closer.join(limit)) {
            failures.add("not everything ended within " + limit.toMillis() + " ms; leaving anyway");
        }
        failures.forEach(failure -> err.println("sluice: " + failure));
        return failures.isEmpty() ? 0 : Main.FAILED;
    }
}
