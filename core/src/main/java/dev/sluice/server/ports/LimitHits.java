package dev.sluice.server.ports;

import dev.sluice.hub.Loop;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts hits of limits by kind, and writes one log line per kind and period: the first hit at once, the others
/// together when the period is over. [#hit] on the accept loop; [#count] on any thread.
final class LimitHits {
    private static final Logger LOG = LoggerFactory.getLogger(LimitHits.class);

    private final Loop loop;
    private final long periodMs;
    private final Map<LimitKind, LongAdder> total = counters();
    /// Hits that no log line told yet; a kind is here while its period runs.
    private final Map<LimitKind, Long> untold = new EnumMap<>(LimitKind.class);

    LimitHits(Loop loop, long periodMs) {
        this.loop = loop;
        this.periodMs = periodMs;
    }

    void hit(LimitKind kind, InetAddress from) {
        counter(kind).increment();
        if (untold.computeIfPresent(kind, (k, hits) -> hits + 1) == null) {
            LOG.warn("limit.hit kind={} from={}", kind.label(), from.getHostAddress());
            untold.put(kind, 0L);
            loop.after(periodMs, () -> tell(kind));
        }
    }

    private void tell(LimitKind kind) {
        long hits = untold.getOrDefault(kind, 0L);
        if (hits == 0) {
            untold.remove(kind);
            return;
        }
        LOG.warn("limit.hit kind={} more={} period_s={}", kind.label(), hits, periodMs / 1000);
        untold.put(kind, 0L);
        loop.after(periodMs, () -> tell(kind));
    }

    long count(LimitKind kind) {
        return counter(kind).sum();
    }

    private LongAdder counter(LimitKind kind) {
        return Objects.requireNonNull(total.get(kind), "all kinds are counted");
    }

    /// One for each kind from the start, and never another: so any thread may read the map.
    private static Map<LimitKind, LongAdder> counters() {
        Map<LimitKind, LongAdder> counters = new EnumMap<>(LimitKind.class);
        for (var kind : LimitKind.values()) {
            counters.put(kind, new LongAdder());
        }
        return Map.copyOf(counters);
    }
}
