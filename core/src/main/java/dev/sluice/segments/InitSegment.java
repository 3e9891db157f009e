package dev.sluice.segments;

import dev.sluice.media.Track;

/// What a decoder needs before the segments that name it.
///
/// @param id unique among the initialisation segments of one kind of track of a stream
/// @param track the configuration it was made from
/// @param path its name in the [SegmentStore]
public record InitSegment(long id, Track track, String path) {}
