package dev.sluice.hub;

import java.util.concurrent.Executor;

/// Thread and time. The data path asks nobody else for either, so a test can drive both by hand. Tasks run one
/// after another on one thread; a task never waits.
public interface Loop extends Executor {
    /// Whether the caller is on this loop's thread.
    boolean inLoop();

    /// Monotonic time in nanoseconds; the origin means nothing. Any thread.
    long nowNs();

    /// Runs `task` on this loop once, `delayMs` from now, unless it is cancelled before.
    Cancellable after(long delayMs, Runnable task);

    /// Runs `task` at once when the caller is on the loop, else posts it.
    default void run(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /// May be called twice and from any thread.
    interface Cancellable {
        void cancel();
    }
}
