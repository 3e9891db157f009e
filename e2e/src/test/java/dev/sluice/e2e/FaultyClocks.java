package dev.sluice.e2e;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Several faults at once: each has a publisher of its own that sends the same clip at the speed at which it plays. All
/// are well until [#goWrong].
final class FaultyClocks implements AutoCloseable {
    private static final long NOT_YET = Long.MAX_VALUE / 2;
    private static final long TICK_MS = 5;

    private final Map<ClockFault, FaultyPublisher> publishers = new EnumMap<>(ClockFault.class);
    private final ScheduledExecutorService conductor = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> sending;
    private final Deque<FlvTags.Tag> toSend;
    private final long afterFaultMs;
    private final long startNs;
    private volatile long faultMs = NOT_YET;
    private volatile boolean done;

    /// @param afterFaultMs for how long they go on when the fault has begun
    FaultyClocks(SluiceProcess server, Set<ClockFault> faults, long afterFaultMs) {
        this.afterFaultMs = afterFaultMs;
        toSend = new ArrayDeque<>(FlvTags.read(Clips.small()));
        faults.forEach(fault -> publishers.put(fault, new FaultyPublisher(server, fault)));
        startNs = System.nanoTime();
        sending = conductor.scheduleAtFixedRate(this::sendWhatIsDue, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void sendWhatIsDue() {
        long nowMs = sentMs();
        while (!done && toSend.getFirst().ms() <= nowMs) {
            var tag = toSend.removeFirst();
            publishers.values().forEach(publisher -> publisher.send(tag, tag.ms() - faultMs));
            done = tag.ms() > faultMs + afterFaultMs;
        }
    }

    /// How far in the file everybody is, milliseconds.
    private long sentMs() {
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    /// From the next frames on.
    void goWrong() {
        faultMs = sentMs() + 100;
    }

    /// So many milliseconds after the fault began, or after the last frame.
    boolean isPast(long ms) {
        return isDone() || sentMs() > faultMs + ms;
    }

    boolean isDone() {
        if (sending.isDone()) {
            throw new AssertionError("a publisher was dropped: " + sending.exceptionNow(), sending.exceptionNow());
        }
        return done;
    }

    void sayGoodbye() {
        publishers.values().forEach(FaultyPublisher::sayGoodbye);
    }

    /// Numbers of the file's frames that were sent.
    List<Integer> sent(ClockFault fault, int type) {
        return publishers.get(fault).sent(type);
    }

    @Override
    public void close() {
        conductor.shutdownNow();
        publishers.values().forEach(FaultyPublisher::close);
    }
}
