package dev.sluice.server.ports;

import dev.sluice.hub.Loop;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts hits of limits by kind, and writes one log line per kind and period: the first hit at once, the others
/// together when the period is over. [#hit] on the accept loop; [#count] on any thread.
final class LimitHits {
    private static final Logger LOG = LoggerFactory.getLogger(LimitHits.class);

    private final Loop loop;
    private final long periodMs;
    private final LongAdder[] total = new LongAdder[LimitKind.values().length];
    /// Hits that no log line told yet; a kind is here while its period runs.
    private final Map<LimitKind, Long> untold = new EnumMap<>(LimitKind.class);

    LimitHits(Loop loop, long periodMs) {
        this.loop = loop;
        this.periodMs = periodMs;
        Arrays.setAll(total, kind -> new LongAdder());
    }

    void hit(LimitKind kind, InetAddress from) {
        total[kind.ordinal()].increment();
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
        return total[kind.ordinal()].sum();
    }
}
