package dev.sluice.server.observe;

import dev.sluice.hub.Loop;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Limits;
import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts hits of limits by kind, and writes one log line per kind and period: the first hit at once, the
/// others together when the period is over. A hit costs an addition, so a flood of them costs little. Any
/// thread.
public final class LimitHits implements Limits {
    private static final Logger LOG = LoggerFactory.getLogger(LimitHits.class);

    private final Loop loop;
    private final long periodMs;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    /// One kind.
    ///
    /// @param total hits since the start
    /// @param untold hits that no log line told yet
    /// @param periodRuns whether a period runs: then its end tells
    private record Kind(LongAdder total, LongAdder untold, AtomicBoolean periodRuns) {
        Kind() {
            this(new LongAdder(), new LongAdder(), new AtomicBoolean());
        }
    }

    /// @param loop keeps the time
    public LimitHits(Loop loop, long periodMs) {
        this.loop = loop;
        this.periodMs = periodMs;
        for (var kind : LimitKind.values()) {
            kinds.put(kind.label(), new Kind());
        }
    }

    @Override
    public void hit(String label, InetAddress from) {
        var kind = kinds.computeIfAbsent(label, _ -> new Kind());
        kind.total.increment();
        if (kind.periodRuns.compareAndSet(false, true)) {
            LOG.warn("limit.hit kind={} from={}", label, from.getHostAddress());
            tellLater(label, kind);
        } else {
            kind.untold.increment();
        }
    }

    /// When the server stops, its loop takes nothing any more, and nobody reads on.
    private void tellLater(String label, Kind kind) {
        try {
            loop.after(periodMs, () -> tell(label, kind));
        } catch (RejectedExecutionException stopping) {
            LOG.debug("limit.hit kind={} is told no more", label, stopping);
        }
    }

    private void tell(String label, Kind kind) {
        long hits = kind.untold.sumThenReset();
        if (hits == 0) {
            kind.periodRuns.set(false);
            return;
        }
        LOG.warn("limit.hit kind={} more={} period_s={}", label, hits, periodMs / 1000);
        tellLater(label, kind);
    }

    @Override
    public Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        kinds.forEach((label, kind) -> counts.put(label, kind.total.sum()));
        return counts;
    }
}
