package dev.sluice.server.ports;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Expensive tasks of one event loop, one at a time with everything else in between. The newest goes first: under a
/// flood a newcomer waits for one task and not for the flood, and those who are late were given up long ago.
final class Turns {
    private final EventExecutor loop;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    private Turns(EventExecutor loop) {
        this.loop = loop;
    }

    /// The turns of all loops.
    static final class OfLoops {
        private final Map<EventExecutor, Turns> turns = new ConcurrentHashMap<>();

        /// On the loop.
        void take(EventExecutor loop, Runnable task) {
            turns.computeIfAbsent(loop, Turns::new).add(task);
        }
    }

    private void add(Runnable task) {
        waiting.push(task);
        if (!running) {
            running = true;
            loop.execute(this::next);
        }
    }

    private void next() {
        var task = waiting.poll();
        if (task == null) {
            running = false;
            return;
        }
        loop.execute(this::next);
        task.run();
    }
}
