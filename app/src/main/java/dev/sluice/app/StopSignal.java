package dev.sluice.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import sun.misc.Signal;

/// SIGINT and SIGTERM: the first asks for an orderly stop, the second ends the process at once.
///
/// Not a shutdown hook: while hooks run the JVM ignores a second signal, and nobody could hurry a stop that
/// hangs.
final class StopSignal {
    private static final int SIGNAL_EXIT_CODES = 128;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean received = new AtomicBoolean();
    private final IntConsumer halt;

    /// @param halt ends the process with an exit code, without hooks
    StopSignal(IntConsumer halt) {
        this.halt = halt;
    }

    void install() {
        for (var name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> receive(signal.getNumber()));
        }
    }

    /// @param number of the signal; 2 is SIGINT, 15 is SIGTERM
    void receive(int number) {
        if (received.getAndSet(true)) {
            halt.accept(SIGNAL_EXIT_CODES + number);
        } else {
            asked.countDown();
        }
    }

    /// Whether there was a signal.
    boolean isAskedFor() {
        return asked.getCount() == 0;
    }

    /// Waits for the first signal.
    void await() throws InterruptedException {
        asked.await();
    }
}
