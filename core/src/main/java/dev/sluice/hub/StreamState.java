package dev.sluice.hub;

import dev.sluice.media.Entry;
import dev.sluice.media.Metadata;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import java.util.List;
import java.util.Optional;

/// What a newcomer must know before the first frame.
///
/// @param epoch the publication that feeds the stream
/// @param tracks video before audio
/// @param metadata what the publisher said about itself last, if anything
public record StreamState(int epoch, List<Track> tracks, Optional<Metadata> metadata) {
    public static final StreamState EMPTY = new StreamState(0, List.of(), Optional.empty());

    /// The state after an entry; the same object when the entry changes nothing.
    public StreamState after(Entry entry) {
        return switch (entry) {
            case TracksChanged changed -> new StreamState(changed.epoch(), changed.tracks(), metadata);
            case Metadata data when data.describesStream() -> new StreamState(epoch, tracks, Optional.of(data));
            case Metadata data -> this;
            case dev.sluice.media.Frame frame -> this;
            case dev.sluice.media.Gap gap -> this;
        };
    }

    /// The track whose key frames are join points: the first video track, if there is video.
    public Optional<Track> leadingVideo() {
        return first(TrackKind.VIDEO);
    }

    public Optional<Track> first(TrackKind kind) {
        return tracks.stream().filter(t -> t.kind() == kind).findFirst();
    }
}
