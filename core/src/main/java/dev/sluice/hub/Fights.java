package dev.sluice.hub;

import java.util.ArrayDeque;
import java.util.Deque;

/// Remembers who was displaced by somebody else while he still sent. An encoder that comes back by itself would
/// displace in turn whoever displaced it, for ever. Owned by the stream's home loop.
final class Fights {
    private static final long MEMORY_NS = 30_000_000_000L;
    private static final long ONE_NS = 1_000_000_000L;
    private static final int MAX_TAKEOVERS = 3;

    private record Displaced(String who, long atNs) {}

    private final Deque<Displaced> displaced = new ArrayDeque<>();

    /// A publisher that was displaced sends still. Once a second counts.
    void displaced(String who, long nowNs) {
        boolean known = displaced.stream().anyMatch(past -> past.who.equals(who) && nowNs - past.atNs < ONE_NS);
        if (!known) {
            displaced.addLast(new Displaced(who, nowNs));
        }
    }

    /// Whether this one must not take the stream from a publisher that sends: he was displaced a moment ago, or there
    /// were too many takeovers lately.
    boolean forbid(String who, long nowNs) {
        displaced.removeIf(past -> nowNs - past.atNs > MEMORY_NS);
        return displaced.size() >= MAX_TAKEOVERS || displaced.stream().anyMatch(past -> past.who.equals(who));
    }
}
