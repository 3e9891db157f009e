package dev.sluice.server.ports;

import dev.sluice.server.spi.LimitKind;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Who is connected, and who of them has not proved anything yet, per address and in all. Owned by the accept loop.
///
/// Memory is bounded: the counts per address by the limit on all connections, the rates per address by [#MAX_RATES]
/// (the least recently seen is forgotten first, which only forgives an old burst).
final class ConnectionCounts {
    private static final int MAX_RATES = 10_000;
    /// Prefix of `::ffff:0:0`: no IPv6 network that routes has it, so IPv4 keys collide with none.
    private static final long IPV4_KEY = 0xFFFFL << 32;

    private final PortLimits limits;
    private final List<Network> exempt;
    private final long newIntervalNs;
    private final Map<Long, Integer> unauthenticated = new HashMap<>();
    private final Map<Long, Integer> open = new HashMap<>();
    private final Map<Long, Long> nextArrivalNs = new LeastRecent();
    private int unauthenticatedTotal;
    private int connections;

    ConnectionCounts(PortLimits limits) {
        this(limits, List.of());
    }

    /// @param proxies exempt too: what they bring is counted where it comes from
    ConnectionCounts(PortLimits limits, List<Network> proxies) {
        this.limits = limits;
        this.exempt = Stream.of(limits.exemptNetworks(), proxies)
                .flatMap(List::stream)
                .toList();
        this.newIntervalNs = 1_000_000_000L / limits.newPerSecondPerAddress();
    }

    /// One accepted connection, and for whom it counts. The accept loop alone reads and changes it.
    static final class Slot {
        private long key;
        private boolean exempt;
        private boolean admitted;
        private boolean closed;
    }

    /// Why a new connection of `from` has to go; empty when it may stay, and then [#opened] has to follow.
    Optional<LimitKind> refusal(InetAddress from, long nowNs) {
        if (connections >= limits.connectionsTotal()) {
            return Optional.of(LimitKind.CONNECTIONS_TOTAL);
        }
        if (unauthenticatedTotal >= limits.unauthenticatedTotal()) {
            return Optional.of(LimitKind.UNAUTHENTICATED_TOTAL);
        }
        if (isExempt(from)) {
            return Optional.empty();
        }
        if (unauthenticated.getOrDefault(key(from), 0) >= limits.unauthenticatedPerAddress()) {
            return Optional.of(LimitKind.UNAUTHENTICATED_PER_ADDRESS);
        }
        if (open.getOrDefault(key(from), 0) >= limits.connectionsPerAddress()) {
            return Optional.of(LimitKind.CONNECTIONS_PER_ADDRESS);
        }
        return arrivesTooFast(from, nowNs) ? Optional.of(LimitKind.NEW_PER_ADDRESS) : Optional.empty();
    }

    private boolean isExempt(InetAddress from) {
        if (from.isLoopbackAddress()) {
            return true;
        }
        for (var network : exempt) {
            if (network.contains(from)) {
                return true;
            }
        }
        return false;
    }

    /// Generic cell rate: one number per address says when the next arrival would be on time; a burst may be that
    /// much early. A refused arrival changes nothing, so hammering does not lengthen the wait.
    private boolean arrivesTooFast(InetAddress from, long nowNs) {
        long key = key(from);
        long onTimeNs = nextArrivalNs.getOrDefault(key, nowNs);
        long earlyNs = Math.max(0, onTimeNs - nowNs);
        if (earlyNs > newIntervalNs * (limits.newBurstPerAddress() - 1)) {
            return true;
        }
        nextArrivalNs.put(key, nowNs + earlyNs + newIntervalNs);
        return false;
    }

    Slot opened(InetAddress from) {
        var slot = new Slot();
        open(slot, from);
        return slot;
    }

    private void open(Slot slot, InetAddress from) {
        slot.key = key(from);
        slot.exempt = isExempt(from);
        slot.admitted = false;
        slot.closed = false;
        connections++;
        unauthenticatedTotal++;
        if (!slot.exempt) {
            unauthenticated.merge(slot.key, 1, Integer::sum);
            open.merge(slot.key, 1, Integer::sum);
        }
    }

    /// The connection is another client's than it seemed: it counts for that one from now on.
    ///
    /// @return why it has to go instead, as a new connection of that client would; then it counts no more
    Optional<LimitKind> moved(Slot slot, InetAddress to, long nowNs) {
        if (slot.closed) {
            return Optional.empty();
        }
        closed(slot);
        var refused = refusal(to, nowNs);
        if (refused.isEmpty()) {
            open(slot, to);
        }
        return refused;
    }

    void admitted(Slot slot) {
        if (slot.admitted || slot.closed) {
            return;
        }
        slot.admitted = true;
        unauthenticatedTotal--;
        if (!slot.exempt) {
            countDown(unauthenticated, slot.key);
        }
    }

    void closed(Slot slot) {
        if (slot.closed) {
            return;
        }
        admitted(slot);
        slot.closed = true;
        connections--;
        if (!slot.exempt) {
            countDown(open, slot.key);
        }
    }

    private static void countDown(Map<Long, Integer> counts, long key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }

    int connections() {
        return connections;
    }

    int unauthenticated() {
        return unauthenticatedTotal;
    }

    /// How many addresses are remembered.
    int addresses() {
        return Math.max(open.size(), nextArrivalNs.size());
    }

    /// IPv4 by address, IPv6 by /64: one customer has at least that.
    private static long key(InetAddress address) {
        var bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4 ? IPV4_KEY | (bytes.getInt() & 0xFFFF_FFFFL) : bytes.getLong();
    }

    private static final class LeastRecent extends LinkedHashMap<Long, Long> {
        private static final long serialVersionUID = 1;

        LeastRecent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MAX_RATES;
        }
    }
}
