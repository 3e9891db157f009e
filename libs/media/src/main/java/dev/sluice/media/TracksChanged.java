package dev.sluice.media;

import java.util.List;

/// From here on the stream has these tracks: one was added, vanished, or has a new configuration, or another
/// publication feeds the stream.
///
/// @param timeNs where on the timeline, nanoseconds
/// @param tracks all tracks, video before audio
/// @param epoch the publication they belong to; grows by one with each publication of the stream
public record TracksChanged(long timeNs, List<Track> tracks, int epoch) implements Entry {
    public TracksChanged {
        tracks = List.copyOf(tracks);
    }

    /// With what the tracks say about themselves: a publisher may change that with every message.
    @Override
    public int sizeBytes() {
        return 64 + tracks.stream().mapToInt(Track::sizeBytes).sum();
    }
}
