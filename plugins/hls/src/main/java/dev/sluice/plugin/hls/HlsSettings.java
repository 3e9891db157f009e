package dev.sluice.plugin.hls;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// How HLS is served.
///
/// @param enabled whether it is served at all
/// @param holdMs how long a request for a playlist waits for the first segment of a stream that has just begun,
///     milliseconds
/// @param maxHeld how many such requests may wait at once; those beyond are told to try again
/// @param maxViewers how many may watch at once over HLS: players are told apart by address and User-Agent
public record HlsSettings(
        @Doc("Serve /{app}/{stream}/index.m3u8.") boolean enabled,

        @Doc("How long a playlist request waits for the first segment of a stream that has just begun.")
        @Range(min = 0, max = 60_000)
        int holdMs,

        @Doc("How many such requests may wait at once.") @Range(min = 0, max = 100_000)
        int maxHeld,

        @Doc("How many may watch at once.") @Range(min = 0, max = 1_000_000)
        int maxViewers) {
    public static final HlsSettings DEFAULTS = new HlsSettings(true, 5_000, 5_000, 10_000);
}
