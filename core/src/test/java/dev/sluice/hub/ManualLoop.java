package dev.sluice.hub;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/// A loop that a test drives by hand: nothing runs, and no time passes, unless the test says so.
public final class ManualLoop implements Loop {
    private record Timer(long atNs, long order, Runnable task) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::atNs).thenComparingLong(Timer::order));
    private long nowNs = 1_000_000_000L;
    private long order;
    private boolean running;
    private long executed;

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
        var timer = new Timer(nowNs + delayMs * 1_000_000L, order++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /// Runs what is posted, until nothing is.
    public void runAll() {
        running = true;
        try {
            for (var task = tasks.poll(); task != null; task = tasks.poll()) {
                executed++;
                task.run();
            }
        } finally {
            running = false;
        }
    }

    /// Runs a task as if the loop had called it, and what it posts.
    public void call(Runnable task) {
        execute(task);
        runAll();
    }

    /// Lets time pass, with the timers that fall due.
    public void advanceMs(long ms) {
        long untilNs = nowNs + ms * 1_000_000L;
        runAll();
        for (var next = timers.peek(); next != null && next.atNs() <= untilNs; next = timers.peek()) {
            timers.poll();
            nowNs = Math.max(nowNs, next.atNs());
            call(next.task());
        }
        nowNs = untilNs;
        runAll();
    }

    /// How many posted tasks ran ever.
    public long executed() {
        return executed;
    }

    /// How many posted tasks have not run yet.
    public int waiting() {
        return tasks.size();
    }

    /// How many timers have not fallen due yet.
    public int timers() {
        return timers.size();
    }
}
