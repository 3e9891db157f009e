package dev.sluice.server.ports;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import java.util.List;

/// What connections may cost, most of all before they proved who they are. Loopback and configured networks
/// are exempt from the limits per address. An address is an IPv4 address or an IPv6 /64 network.
///
/// @param unauthenticatedPerAddress open connections of one address that did not publish, play or fetch
///     anything yet
/// @param unauthenticatedTotal the same over all addresses
/// @param connectionsPerAddress open connections of one address, of every kind: a fetched page proves
///     little, so nobody gets past this one. Many people may stand behind one address (a NAT, a company's
///     proxy, a CDN): raise it where one of those brings more
/// @param connectionsTotal open connections of every kind
/// @param newPerSecondPerAddress new connections per second of one address, in the long run
/// @param newBurstPerAddress how many of them may come at once
/// @param firstBytesTimeoutMs from accept to enough bytes to recognise the protocol
/// @param exempt networks whose addresses are free of the limits per address, as `192.0.2.0/24` or one
///     address
public record PortLimits(
        @Doc("Open connections of one address that did not publish, play or fetch anything yet. Loopback is exempt.")
        @Range(min = 1, max = 1_000_000)
        int unauthenticatedPerAddress,

        @Doc("The same over all addresses.") @Range(min = 1, max = 1_000_000)
        int unauthenticatedTotal,

        @Doc("Open connections of one address, of every kind. A NAT, a proxy or a CDN is one address for many viewers: "
                + "raise it if one of those brings more. Loopback is exempt.")
        @Range(min = 1, max = 1_000_000)
        int connectionsPerAddress,

        @Doc("Open connections of every kind.") @Range(min = 1, max = 1_000_000)
        int connectionsTotal,

        @Doc("New connections per second of one address, in the long run. Loopback is exempt.")
        @Range(min = 1, max = 1_000_000)
        int newPerSecondPerAddress,

        @Doc("How many new connections of one address may come at once.") @Range(min = 1, max = 1_000_000)
        int newBurstPerAddress,

        @Doc("Milliseconds from accept until enough bytes came to recognise the protocol.")
        @Range(min = 10, max = 600_000)
        int firstBytesTimeoutMs,

        @Doc("Networks free of the limits per address, such as a proxy, or a studio behind one address: "
                + "'192.0.2.0/24' or '2001:db8::7'. Loopback always is.")
        List<String> exempt) {
    public static final PortLimits DEFAULTS = new PortLimits(100, 4_000, 2_000, 16_000, 10, 50, 5_000, List.of());

    public PortLimits {
        exempt = List.copyOf(exempt);
        exempt.forEach(text -> Network.parse("exempt", text));
    }

    List<Network> exemptNetworks() {
        return exempt.stream().map(text -> Network.parse("exempt", text)).toList();
    }
}
