package dev.sluice.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/// Waits for conditions; nothing here waits for time to pass.
final class Wait {
    private static final Duration POLL = Duration.ofMillis(50);

    private Wait() {}

    /// @param what completes the sentence "it did not happen that …"
    static void until(String what, Duration atMost, Callable<Boolean> condition) {
        Awaitility.await("that " + what)
                .atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(condition);
    }
}
