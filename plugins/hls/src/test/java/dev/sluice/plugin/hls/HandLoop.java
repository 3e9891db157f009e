package dev.sluice.plugin.hls;

import dev.sluice.hub.Loop;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/// A loop that a test turns by hand.
final class HandLoop implements Loop {
    private record Timer(long atNs, long order, Runnable task) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::atNs).thenComparingLong(Timer::order));
    private long nowNs;
    private long timersMade;
    private boolean running;

    @Override
    public boolean inLoop() {
        return running;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Cancellable after(long delayMs, Runnable task) {
        var timer = new Timer(nowNs + delayMs * 1_000_000, timersMade++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    void call(Runnable task) {
        execute(task);
        running = true;
        for (var next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
        running = false;
    }

    void advanceMs(long ms) {
        long untilNs = nowNs + ms * 1_000_000;
        while (!timers.isEmpty() && timers.peek().atNs() <= untilNs) {
            var due = timers.remove();
            nowNs = due.atNs();
            call(due.task());
        }
        nowNs = untilNs;
    }

    int timers() {
        return timers.size();
    }
}
