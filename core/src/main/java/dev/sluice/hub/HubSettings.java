package dev.sluice.hub;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// How much a live stream keeps and how long a slow viewer is carried.
///
/// @param windowMaxBytes upper bound of one log's retained tail (the GOP cache), bytes
/// @param windowMaxMs upper bound of the retained tail in media time, milliseconds. 10 s holds the default GOP of
///     x264 (250 frames) at 30 frames per second, which is 8.3 s
/// @param lagMaxMs a viewer who has left something there for longer than this jumps to a newer key frame when there is
///     one, milliseconds of real time: a burst after a stall makes nobody late
/// @param lagMaxBytes a viewer further behind than this and for longer than half of `lagMaxMs` does the same, bytes
/// @param stallMaxMs a viewer that takes nothing for this long is closed, milliseconds
/// @param memoryMaxBytes all logs together, bytes; 0 takes what [JvmMemory#hubBytes] finds
/// @param slabBytes size of one off-heap block of finished bytes
/// @param wireIdleMs finished bytes of a format nobody watches are freed after this, milliseconds
public record HubSettings(
        @Doc("What one stream keeps at most, so that viewers start at once (the GOP cache).")
        @Range(min = 65_536, max = 1L << 30)
        int windowMaxBytes,

        @Doc("The same in media time. 10 s holds OBS's default GOP (8.3 s at 30 frames per second).")
        @Range(min = 500, max = 120_000)
        int windowMaxMs,

        @Doc("A viewer further behind than this jumps to a newer key frame.") @Range(min = 100, max = 60_000)
        int lagMaxMs,

        @Doc("The same in bytes.") @Range(min = 65_536, max = 1L << 30)
        int lagMaxBytes,

        @Doc("A viewer that takes nothing for this long is closed.") @Range(min = 500, max = 600_000)
        int stallMaxMs,

        @Doc(
                "All streams together; 0 takes a quarter of the heap limit, and at most half of what may lie off the heap.")
        @Range
        long memoryMaxBytes,

        @Doc("Size of one off-heap block of finished bytes.") @Range(min = 16_384, max = 16_777_216)
        int slabBytes,

        @Doc("A format that nobody watches is freed after this time.") @Range(min = 100, max = 3_600_000)
        int wireIdleMs) {
    public static final HubSettings DEFAULTS =
            new HubSettings(32 << 20, 10_000, 2_000, 2 << 20, 10_000, 0, 256 << 10, 10_000);

    /// The budget in force.
    public long effectiveMemoryMaxBytes() {
        return memoryMaxBytes > 0 ? memoryMaxBytes : JvmMemory.ofThisProcess().hubBytes();
    }
}
