package dev.sluice.server.admission;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// The brake on guessing: who fails too often within a minute on one stream is blocked for a while. An IPv6
/// guesser owns at least a /64, so that is what counts as one address. Any thread. The table is bounded;
/// when it is full the entry that failed longest ago goes.
final class FailedAttempts {
    static final long WINDOW_NS = 60_000_000_000L;

    private final int maxFailures;
    private final long blockNs;
    private final Map<Guesser, Failures> table;

    /// @param maxEntries how many guessers are remembered
    FailedAttempts(AdmissionSettings settings, int maxEntries) {
        this.maxFailures = settings.maxFailures();
        this.blockNs = settings.blockMs() * 1_000_000L;
        this.table = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Guesser, Failures> eldest) {
                return size() > maxEntries;
            }
        };
    }

    /// Seconds until the block ends, rounded up; 0 when there is none.
    long blockedSeconds(Guesser guesser, long nowNs) {
        synchronized (table) {
            var failures = table.get(guesser);
            long leftNs = failures == null || !blocking(failures) ? 0 : failures.sinceNs() + blockNs - nowNs;
            return Math.ceilDiv(Math.max(0, leftNs), 1_000_000_000L);
        }
    }

    void failed(Guesser guesser, long nowNs) {
        synchronized (table) {
            var before = table.remove(guesser); // and in again at the young end
            table.put(guesser, oneMore(before == null ? new Failures(0, nowNs) : before, nowNs));
        }
    }

    private boolean blocking(Failures failures) {
        return failures.count() >= maxFailures;
    }

    private Failures oneMore(Failures before, long nowNs) {
        if (nowNs - before.sinceNs() >= (blocking(before) ? blockNs : WINDOW_NS)) {
            return new Failures(1, nowNs);
        }
        int count = before.count() + 1;
        return new Failures(count, count == maxFailures ? nowNs : before.sinceNs());
    }

    void succeeded(Guesser guesser) {
        synchronized (table) {
            table.remove(guesser);
        }
    }

    int size() {
        synchronized (table) {
            return table.size();
        }
    }

    /// @param network the address as hex, an IPv6 address cut to its /64
    /// @param stream what was tried, `app/name`
    record Guesser(String network, String stream) {
        static Guesser of(InetAddress address, String stream) {
            var bytes = address.getAddress();
            return new Guesser(HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, 8))), stream);
        }
    }

    /// @param sinceNs start of the minute they are counted in; the start of the block once there are enough
    private record Failures(int count, long sinceNs) {}
}
