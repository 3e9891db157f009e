package dev.sluice.hub;

import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.Gap;
import dev.sluice.media.Metadata;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import java.util.List;
import java.util.Optional;

/// What a newcomer must know before the first frame.
///
/// @param epoch the publication that brought these tracks
/// @param tracks video before audio
/// @param metadata what the publisher said about itself last, if anything
public record StreamState(int epoch, List<Track> tracks, Optional<Metadata> metadata) {
    public static final StreamState EMPTY = new StreamState(0, List.of(), Optional.empty());

    /// The state after an entry; the same object when the entry changes nothing.
    public StreamState after(Entry entry) {
        return switch (entry) {
            case TracksChanged changed
            when changed.tracks().equals(tracks) -> this; // another publication of the same: readers go on as they are
            case TracksChanged changed -> new StreamState(changed.epoch(), changed.tracks(), metadata);
            case Metadata data
            when data.describesStream() && isNews(data) -> new StreamState(epoch, tracks, Optional.of(data));
            case Metadata data -> this;
            case Frame frame -> this;
            case Gap gap -> this;
        };
    }

    /// The same state with only these of its tracks.
    public StreamState of(List<Track> some) {
        return new StreamState(epoch, some, metadata);
    }

    /// Some encoders repeat their metadata every few seconds.
    boolean isNews(Metadata data) {
        return metadata.isEmpty() || !metadata.get().value().equals(data.value());
    }

    /// Whether a newcomer may start with this frame: a key frame of the leading video track; any frame without
    /// video.
    public boolean joinsAt(Frame frame) {
        return leadingVideo()
                .map(video -> frame.isVideoKey() && frame.track().id() == video.id())
                .orElse(true);
    }

    /// The track whose key frames are join points: the first video track, if there is video.
    public Optional<Track> leadingVideo() {
        return first(TrackKind.VIDEO);
    }

    public Optional<Track> first(TrackKind kind) {
        for (var track : tracks) { // asked for each frame
            if (track.kind() == kind) {
                return Optional.of(track);
            }
        }
        return Optional.empty();
    }

    /// Whether each track that both lists have kept its codec. Most players cannot change it while they play.
    public static boolean sameCodecs(List<Track> before, List<Track> next) {
        return next.stream()
                .allMatch(track -> before.stream()
                        .filter(old -> old.kind() == track.kind() && old.id() == track.id())
                        .allMatch(old -> old.codec() == track.codec()));
    }
}
