package dev.sluice.plugin.hls;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many requests wait, altogether and per client. Any thread.
final class HoldLimits {
    private static final int MAX_PER_CLIENT = 4;

    private final AtomicInteger held = new AtomicInteger();
    private final Map<InetAddress, Integer> byClient = new ConcurrentHashMap<>();

    /// Whether one more may wait; if so, call [#leave] afterwards.
    boolean enter(InetAddress client, int maxHeld) {
        if (held.incrementAndGet() > maxHeld) {
            held.decrementAndGet();
            return false;
        }
        if (byClient.merge(client, 1, Integer::sum) > MAX_PER_CLIENT) {
            leave(client);
            return false;
        }
        return true;
    }

    void leave(InetAddress client) {
        held.decrementAndGet();
        byClient.computeIfPresent(client, (_, count) -> count > 1 ? count - 1 : null);
    }
}
