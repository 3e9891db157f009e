package dev.sluice.server.admission;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// The brake on guessing: who fails [#MAX_FAILURES] times within a minute on one stream is blocked for a
/// minute. An IPv6 guesser owns at least a /64, so that is what counts as one address. Any thread. The table is
/// bounded; when it is full the entry that failed longest ago goes.
final class FailedAttempts {
    static final int MAX_FAILURES = 5;
    static final long WINDOW_NS = 60_000_000_000L;
    static final long BLOCK_NS = 60_000_000_000L;

    private final Map<Guesser, Failures> table;

    FailedAttempts(int maxEntries) {
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
            long leftNs = failures == null || !failures.blocking() ? 0 : failures.sinceNs() + BLOCK_NS - nowNs;
            return Math.ceilDiv(Math.max(0, leftNs), 1_000_000_000L);
        }
    }

    void failed(Guesser guesser, long nowNs) {
        synchronized (table) {
            var before = table.remove(guesser); // and in again at the young end
            table.put(guesser, before == null ? new Failures(1, nowNs) : before.oneMore(nowNs));
        }
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
    private record Failures(int count, long sinceNs) {
        boolean blocking() {
            return count >= MAX_FAILURES;
        }

        Failures oneMore(long nowNs) {
            if (nowNs - sinceNs >= WINDOW_NS) {
                return new Failures(1, nowNs);
            }
            return count + 1 == MAX_FAILURES ? new Failures(MAX_FAILURES, nowNs) : new Failures(count + 1, sinceNs);
        }
    }
}
