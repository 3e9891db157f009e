package dev.sluice.hub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Remembers who was displaced by somebody else while he still sent. An encoder that comes back by itself would
/// displace in turn whoever displaced it, for ever.
///
/// Encoders ask again after longer and longer pauses (OBS: 2 s, then half as much more each time, up to 15 min). So
/// each refusal is remembered for twice the pause before it, and who keeps asking by himself never gets through.
/// Who lets it be for a while and then asks is a person who means it.
///
/// Owned by the stream's home loop.
final class Fights {
    private static final long MEMORY_NS = 30_000_000_000L;
    private static final long ONE_NS = 1_000_000_000L;
    private static final int MAX_TAKEOVERS = 3;

    /// @param atNs when he lost the stream, or was refused last
    private record Loser(long atNs, long untilNs) {}

    private final Deque<Long> takeovers = new ArrayDeque<>();
    private final Map<String, Loser> losers = new HashMap<>();

    /// A publisher that was displaced sends still. Once a second counts.
    void displaced(String who, long nowNs) {
        var known = losers.get(who);
        if (known == null || nowNs - known.atNs >= ONE_NS) {
            takeovers.addLast(nowNs);
            losers.put(who, new Loser(nowNs, nowNs + MEMORY_NS));
        }
    }

    /// Whether this one must not take the stream from a publisher that sends: he was displaced a moment ago, or there
    /// were too many takeovers lately.
    boolean forbid(String who, long nowNs) {
        takeovers.removeIf(atNs -> nowNs - atNs > MEMORY_NS);
        losers.values().removeIf(loser -> nowNs > loser.untilNs);
        return takeovers.size() >= MAX_TAKEOVERS || losers.containsKey(who);
    }

    /// He asked, and the other still sends.
    void refused(String who, long nowNs) {
        losers.computeIfPresent(
                who, (name, loser) -> new Loser(nowNs, nowNs + Math.max(MEMORY_NS, 2 * (nowNs - loser.atNs))));
    }
}
