package dev.sluice.plugin.rtmp;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// RTMP in the bodies of HTTP requests, and what it may cost.
///
/// @param enabled whether the HTTP port answers RTMPT
/// @param maxTunnels open tunnels of all clients
/// @param maxPerAddress open tunnels of one address; loopback is free
/// @param idleMs a tunnel without a request is closed after this
/// @param bodyMaxBytes largest body of a request, and most that waits to be read
/// @param answerMaxBytes largest answer to a request; kept until the next, for a client that did not get it
public record TunnelSettings(
        @Doc("Whether RTMPT is answered on the HTTP ports.") boolean enabled,

        @Doc("Open tunnels of all clients.") @Range(min = 1, max = 100_000)
        int maxTunnels,

        @Doc("Open tunnels of one address. Loopback is exempt.") @Range(min = 1, max = 100_000)
        int maxPerAddress,

        @Doc("A tunnel without a request is closed after this.") @Range(min = 1_000, max = 600_000)
        int idleMs,

        @Doc("Largest body of a request, and the most that may wait in a tunnel.") @Range(min = 4_096, max = 16_777_216)
        int bodyMaxBytes,

        @Doc("Largest answer to a request. It is kept until the next one, for a client that did not get it.")
        @Range(min = 4_096, max = 1_048_576)
        int answerMaxBytes) {
    public static final TunnelSettings DEFAULTS = new TunnelSettings(true, 1_000, 20, 30_000, 1 << 20, 128 << 10);
}
