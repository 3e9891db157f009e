package dev.sluice.hub;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One log: nanoseconds to append an item, and nanoseconds for one cursor to read one. In this package because the
/// log is not for everybody.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StreamLogBenchmark {
    private static final int ITEMS = 60;
    private static final int ITEM_BYTES = 8_000;
    private static final long FRAME_NS = 33_000_000;

    /// Cursors on the log's own loop.
    @Param({"1", "100"})
    public int readers;

    private final StillLoop loop = new StillLoop();
    private StreamLog<Long> log = newLog();
    private long appended;
    private long taken;

    /// Runs everything at once; its time moves with the frames.
    private static final class StillLoop implements Loop {
        private long nowNs;

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long nowNs() {
            return nowNs;
        }

        @Override
        public Cancellable after(long delayMs, Runnable task) {
            return () -> {};
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    private StreamLog<Long> newLog() {
        return new StreamLog<>(
                StreamLog.Holds.ENTRIES,
                loop,
                StreamLog.Window.of(HubSettings.DEFAULTS),
                new MemoryBudget(1 << 30),
                item -> {});
    }

    @Setup(Level.Iteration)
    public void open() {
        log = newLog();
        for (int i = 0; i < readers; i++) {
            log.open(loop, 0, new Counting());
        }
    }

    private final class Counting implements Reader<Long> {
        @Override
        public void take(Cursor<Long> cursor) {
            for (var item = cursor.peek(); item != null; item = cursor.peek()) {
                taken += item;
                cursor.advance();
            }
        }

        @Override
        public void onEnd(EndReason why) {}
    }

    private void appendOne() {
        loop.nowNs += FRAME_NS;
        log.append(appended, ITEM_BYTES, loop.nowNs, appended % ITEMS == 0);
        appended++;
    }

    /// Without waking anybody: the cursors fall out of the window and cost nothing.
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long append() {
        for (int i = 0; i < ITEMS; i++) {
            appendOne();
        }
        return appended;
    }

    /// Each item is appended and read by every cursor: for one reader, divide by the number of them.
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long appendAndRead() {
        for (int i = 0; i < ITEMS; i++) {
            appendOne();
            log.signal();
        }
        return taken;
    }
}
