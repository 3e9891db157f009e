package dev.sluice.segments;

import dev.sluice.hub.JvmMemory;
import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// How live streams are cut into segments, and how much of them is kept.
///
/// @param enabled whether streams are cut at all
/// @param always whether they are cut when nobody asks for segments
/// @param idleMs without `always`, a stream is cut until nobody has asked for this long, milliseconds; at least as long
///     as two of the longest segments last, because a player asks once in each
/// @param segmentMs a segment is cut at the first key frame at or after this, milliseconds of media
/// @param windowSegments how many segments players are told of
/// @param spareSegments how many older ones stay for players that are slow to fetch
/// @param segmentMaxMs a segment is cut here even without a key frame, milliseconds of media
/// @param segmentMaxBytes the same in bytes
/// @param memoryMaxBytes finished segments of all streams together, bytes; 0 takes a quarter of the heap limit
/// @param lingerMs how long the segments of an ended stream stay, milliseconds
public record SegmentSettings(
        @Doc("Cut streams into segments, for HLS.") boolean enabled,

        @Doc("Cut every stream from its beginning on. Otherwise the first request for a playlist starts it, with what "
                + "came before and is still there (hub.lagMaxMs or a GOP), so that it waits for nothing.")
        boolean always,

        @Doc("Cut no more when nobody has asked for so long.") @Range(min = 5_000, max = 3_600_000)
        int idleMs,

        @Doc("A segment is cut at the first key frame at or after this.") @Range(min = 500, max = 60_000)
        int segmentMs,

        @Doc("How many segments players are told of.") @Range(min = 3, max = 10_000)
        int windowSegments,

        @Doc("How many older segments stay for players that are slow to fetch.") @Range(min = 0, max = 1_000)
        int spareSegments,

        @Doc("A segment is cut here even without a key frame.") @Range(min = 1_000, max = 120_000)
        int segmentMaxMs,

        @Doc("The same in bytes.") @Range(min = 65_536, max = 1L << 30)
        int segmentMaxBytes,

        @Doc("Segments of all streams together; 0 takes a quarter of the heap limit. Not per application.") @Range
        long memoryMaxBytes,

        @Doc("How long the segments of an ended stream stay, so that its viewers finish.")
        @Range(min = 0, max = 3_600_000)
        int lingerMs) {
    public static final SegmentSettings DEFAULTS =
            new SegmentSettings(true, false, 60_000, 2_000, 6, 3, 12_000, 16 << 20, 0, 60_000);

    public SegmentSettings {
        if (segmentMaxMs < segmentMs) {
            throw new IllegalArgumentException("segmentMaxMs must not be less than segmentMs");
        }
    }

    /// After how long without a request cutting stops, milliseconds.
    public int effectiveIdleMs() {
        return Math.max(idleMs, 2 * segmentMaxMs);
    }

    /// The budget in force.
    public long effectiveMemoryMaxBytes() {
        return memoryMaxBytes > 0 ? memoryMaxBytes : JvmMemory.ofThisProcess().segmentBytes();
    }
}
