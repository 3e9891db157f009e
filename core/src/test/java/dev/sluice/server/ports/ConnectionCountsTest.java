package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.spi.LimitKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionCountsTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final InetAddress VIEWER = address("192.0.2.7");
    private static final InetAddress OTHER = address("192.0.2.8");

    private final ConnectionCounts counts = new ConnectionCounts(new PortLimits(3, 6, 5, 8, 10, 50, 5_000, List.of()));
    private long nowNs = 77;

    @Test
    void limitsUnauthenticatedConnectionsOfOneAddress() {
        open(VIEWER, 3);

        assertThat(counts.refusal(VIEWER, nowNs)).contains(LimitKind.UNAUTHENTICATED_PER_ADDRESS);
        assertThat(counts.refusal(OTHER, nowNs)).isEmpty();
    }

    @Test
    void configuredNetworksAreFreeOfTheLimitsPerAddressButNotOfTheTotals() {
        var limits = new PortLimits(1, 60, 1, 80, 1, 1, 5_000, List.of("192.0.2.0/29", "2001:db8::/32"));
        var some = new ConnectionCounts(limits);
        for (int i = 0; i < 30; i++) {
            assertThat(some.refusal(VIEWER, nowNs)).isEmpty();
            some.opened(VIEWER);
            assertThat(some.refusal(address("2001:db8:1::1"), nowNs)).isEmpty();
            some.opened(address("2001:db8:1::1"));
        }
        assertThat(some.refusal(VIEWER, nowNs)).contains(LimitKind.UNAUTHENTICATED_TOTAL);

        var others = new ConnectionCounts(limits);
        others.opened(OTHER);
        assertThat(others.refusal(OTHER, nowNs)).contains(LimitKind.UNAUTHENTICATED_PER_ADDRESS);
    }

    @Test
    void thoseWhoProvedThemselvesNoLongerCount() {
        var slots = open(VIEWER, 3);
        counts.admitted(slots.getFirst());
        counts.admitted(slots.getFirst());

        assertThat(counts.refusal(VIEWER, nowNs)).isEmpty();
        assertThat(counts.unauthenticated()).isEqualTo(2);
        assertThat(counts.connections()).isEqualTo(3);
    }

    @Test
    void whoIsAnotherThanItSeemedCountsForThatOneOnly() {
        var slot = counts.opened(OTHER);
        counts.admitted(slot);
        open(VIEWER, 2);
        assertThat(counts.moved(slot, VIEWER, nowNs)).isEmpty();
        assertThat(counts.refusal(VIEWER, nowNs)).contains(LimitKind.UNAUTHENTICATED_PER_ADDRESS);
        assertThat(counts.unauthenticated()).as("it has to prove itself anew").isEqualTo(3);
        assertThat(counts.connections()).isEqualTo(3);
        counts.closed(slot);
        assertThat(counts.refusal(VIEWER, nowNs)).isEmpty();
    }

    @Test
    void whoMayNotBeTheOtherIsNotCountedAtAll() {
        var slot = counts.opened(OTHER);
        open(VIEWER, 3);
        assertThat(counts.moved(slot, VIEWER, nowNs)).contains(LimitKind.UNAUTHENTICATED_PER_ADDRESS);
        assertThat(counts.connections()).isEqualTo(3);
        counts.closed(slot);
        assertThat(counts.connections()).isEqualTo(3);
        assertThat(counts.moved(slot, OTHER, nowNs)).as("it is closed").isEmpty();
        assertThat(counts.connections()).isEqualTo(3);
    }

    @Test
    void closedConnectionsFreeTheirPlaceOnce() {
        var slots = open(VIEWER, 3);
        counts.closed(slots.getFirst());
        counts.closed(slots.getFirst());
        counts.admitted(slots.getFirst());

        assertThat(counts.connections()).isEqualTo(2);
        assertThat(counts.unauthenticated()).isEqualTo(2);
        assertThat(counts.refusal(VIEWER, nowNs)).isEmpty();
    }

    @Test
    void limitsUnauthenticatedConnectionsOfAllAddressesTogether() {
        open(VIEWER, 3);
        open(OTHER, 3);

        assertThat(counts.refusal(InetAddress.getLoopbackAddress(), nowNs)).contains(LimitKind.UNAUTHENTICATED_TOTAL);
    }

    @Test
    void limitsAllConnections() {
        admit(VIEWER, 4);
        admit(OTHER, 4);

        assertThat(counts.refusal(address("192.0.2.9"), nowNs)).contains(LimitKind.CONNECTIONS_TOTAL);
    }

    @Test
    void limitsConnectionsOfOneAddressAlsoOfThoseWhoProvedThemselves() {
        var slots = admit(VIEWER, 5);

        assertThat(counts.refusal(VIEWER, nowNs)).contains(LimitKind.CONNECTIONS_PER_ADDRESS);
        assertThat(counts.refusal(OTHER, nowNs)).isEmpty();

        counts.closed(slots.getFirst());
        counts.closed(slots.getFirst());
        admit(VIEWER, 1);
        assertThat(counts.refusal(VIEWER, nowNs)).contains(LimitKind.CONNECTIONS_PER_ADDRESS);
    }

    private List<ConnectionCounts.Slot> admit(InetAddress from, int times) {
        List<ConnectionCounts.Slot> slots = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            var slot = open(from, 1).getFirst();
            counts.admitted(slot);
            slots.add(slot);
        }
        return slots;
    }

    @Test
    void exemptsLoopbackFromTheLimitsPerAddress() {
        var loopback = InetAddress.getLoopbackAddress();
        var many = new ConnectionCounts(new PortLimits(3, 1000, 4, 1000, 10, 50, 5_000, List.of()));
        for (int i = 0; i < 200; i++) {
            assertThat(many.refusal(loopback, nowNs)).isEmpty();
            many.opened(loopback);
        }
    }

    @Test
    void allowsABurstThenASteadyRate() {
        assertThat(arrivals(60, 0)).isEqualTo(50);
        nowNs += SECOND_NS;
        assertThat(arrivals(60, 0)).isEqualTo(10);
        nowNs += 60 * SECOND_NS;
        assertThat(arrivals(60, 0)).isEqualTo(50);
    }

    @Test
    void refusedArrivalsDoNotLengthenTheWait() {
        arrivals(10_000, 0);
        nowNs += SECOND_NS / 10;

        assertThat(counts.refusal(VIEWER, nowNs)).isEmpty();
    }

    @Test
    void countsIpv6ByNetwork() {
        open(address("2001:db8:1:2::1"), 3);

        assertThat(counts.refusal(address("2001:db8:1:2:ffff::9"), nowNs))
                .contains(LimitKind.UNAUTHENTICATED_PER_ADDRESS);
        assertThat(counts.refusal(address("2001:db8:1:3::1"), nowNs)).isEmpty();
    }

    @Test
    void remembersABoundedNumberOfAddresses() throws UnknownHostException {
        for (int i = 0; i < 100_000; i++) {
            var many = InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
            assertThat(counts.refusal(many, nowNs)).isEmpty();
            counts.closed(counts.opened(many));
        }

        assertThat(counts.addresses()).isLessThanOrEqualTo(10_000);
        assertThat(counts.connections()).isZero();
    }

    private List<ConnectionCounts.Slot> open(InetAddress from, int times) {
        List<ConnectionCounts.Slot> slots = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            assertThat(counts.refusal(from, nowNs)).isEqualTo(Optional.empty());
            slots.add(counts.opened(from));
        }
        return slots;
    }

    /// How many of `tries` short connections get in, `everyNs` apart.
    private int arrivals(int tries, long everyNs) {
        int in = 0;
        for (int i = 0; i < tries; i++) {
            nowNs += everyNs;
            if (counts.refusal(VIEWER, nowNs).isEmpty()) {
                in++;
                counts.closed(counts.opened(VIEWER));
            }
        }
        return in;
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
