package dev.sluice.segments;

import dev.sluice.media.TrackKind;
import java.util.Map;
import java.util.Optional;

/// One stretch of a live stream, with one file per track; the files share its sequence number. A gap is a stretch in
/// which nobody published: it has no files, and keeps the times of the others right.
///
/// @param sequence grows by one from segment to segment, also over a new publication of the same name
/// @param startNs where it begins on the stream's timeline
/// @param durationNs how long its leading track lasts: video where there is video
/// @param wallClockMs when its first frame was received, milliseconds since 1970, by a clock that runs with the
/// timeline
/// @param independent whether a player can start here: the video begins with a key frame
/// @param discontinuity whether a decoder must be set up anew, because a track has a new configuration
/// @param discontinuities how many segments of the stream were so up to here, this one included
/// @param gap whether it is such a stretch
/// @param tracks the files; a track that could not be filled in is absent, and in a gap all are
public record Segment(
        long sequence,
        long startNs,
        long durationNs,
        long wallClockMs,
        boolean independent,
        boolean discontinuity,
        int discontinuities,
        boolean gap,
        Map<TrackKind, TrackSegment> tracks) {
    public Segment {
        tracks = Map.copyOf(tracks);
    }

    public Optional<TrackSegment> track(TrackKind kind) {
        return Optional.ofNullable(tracks.get(kind));
    }

    /// When the first frame of one of its tracks was received, milliseconds since 1970.
    public long wallClockMs(TrackSegment track) {
        return wallClockMs + Math.floorDiv(track.startNs() - startNs, 1_000_000L);
    }
}
