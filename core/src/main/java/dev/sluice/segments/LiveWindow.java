package dev.sluice.segments;

import dev.sluice.hub.StreamName;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import java.util.List;
import java.util.Optional;

/// What players may know of a live stream at one moment. Immutable; the next moment is another object.
///
/// @param stream whose window it is
/// @param tracks what can be played, video before audio; empty before the first segment. Gaps keep what there was
/// @param segments the listed ones, oldest first, with consecutive sequence numbers
/// @param spare older ones that can still be fetched, oldest first
/// @param inits what the segments need
/// @param targetSeconds no segment is longer, rounded; never shrinks
/// @param unsupportedTracks tracks that cannot be carried, so that somebody can say why
/// @param ended whether the stream is over: no segment follows
public record LiveWindow(
        StreamName stream,
        List<MediaTrack> tracks,
        List<Segment> segments,
        List<Segment> spare,
        List<InitSegment> inits,
        int targetSeconds,
        List<Track> unsupportedTracks,
        boolean ended) {
    public LiveWindow {
        tracks = List.copyOf(tracks);
        segments = List.copyOf(segments);
        spare = List.copyOf(spare);
        inits = List.copyOf(inits);
        unsupportedTracks = List.copyOf(unsupportedTracks);
    }

    public Optional<MediaTrack> track(TrackKind kind) {
        return tracks.stream().filter(track -> track.kind() == kind).findFirst();
    }

    /// Whether a player can start at every listed segment.
    public boolean independent() {
        return segments.stream().allMatch(Segment::independent);
    }

    /// The file of a track in a segment that is listed or spare.
    public Optional<TrackSegment> find(TrackKind kind, long sequence) {
        return find(sequence).flatMap(segment -> segment.track(kind));
    }

    /// A segment that is listed or spare.
    public Optional<Segment> find(long sequence) {
        var in = !segments.isEmpty() && sequence >= segments.getFirst().sequence() ? segments : spare;
        if (in.isEmpty()) {
            return Optional.empty();
        }
        long index = sequence - in.getFirst().sequence();
        return index < 0 || index >= in.size() ? Optional.empty() : Optional.of(in.get((int) index));
    }

    public Optional<InitSegment> findInit(TrackKind kind, long id) {
        return inits.stream()
                .filter(init -> init.id() == id && init.track().kind() == kind)
                .findFirst();
    }
}
