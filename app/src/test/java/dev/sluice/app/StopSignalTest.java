package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StopSignalTest {
    private final List<Integer> halted = new ArrayList<>();
    private final StopSignal signal = new StopSignal(halted::add);
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int stop(Runnable closing, long limitMs) throws InterruptedException {
        return OrderlyStop.run(closing, Duration.ofMillis(limitMs), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void letsTheFirstSignalStopInOrder() throws Exception {
        signal.receive(15);
        signal.await();
        assertThat(halted).isEmpty();
    }

    @Test
    void endsAtOnceOnTheSecondSignal() {
        signal.receive(2);
        signal.receive(15);
        assertThat(halted).containsExactly(128 + 15);
    }

    @Test
    void waitsUntilEverythingHasEnded() throws Exception {
        var closed = new ArrayList<String>();
        assertThat(stop(() -> closed.add("closed"), 10_000)).isZero();
        assertThat(closed).containsExactly("closed");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void leavesAStopThatHangs() throws Exception {
        var never = new CountDownLatch(1);
        assertThat(stop(() -> awaitQuietly(never), 20)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("not everything ended within 20 ms");
        never.countDown();
    }

    @Test
    void promisesToBeGoneWithinFiveSeconds() {
        assertThat(OrderlyStop.LIMIT).isLessThan(Duration.ofSeconds(5));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
