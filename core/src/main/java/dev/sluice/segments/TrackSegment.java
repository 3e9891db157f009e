package dev.sluice.segments;

/// The bytes of one track in one segment: a movie fragment and its media data.
///
/// @param path its name in the [SegmentStore]
/// @param initId the [InitSegment] it needs
/// @param startNs decode time of the first frame on the stream's timeline
/// @param durationNs the sum of its frames' durations
/// @param bytes size
/// @param frames how many access units
public record TrackSegment(String path, long initId, long startNs, long durationNs, int bytes, int frames) {
    long endNs() {
        return startNs + durationNs;
    }
}
