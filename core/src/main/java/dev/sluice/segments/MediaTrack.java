package dev.sluice.segments;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Colour;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.VideoConfig;

/// A track that players can get, as measured over the window.
///
/// @param track its newest configuration
/// @param framesPerSecond of video: as declared, else as measured; 0 for audio
/// @param peakBitsPerSecond of the worst segment so far
/// @param averageBitsPerSecond over the window
public record MediaTrack(Track track, double framesPerSecond, long peakBitsPerSecond, long averageBitsPerSecond) {
    public TrackKind kind() {
        return track.kind();
    }

    /// The codec as playlists and browsers name it.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc6381 RFC 6381 §3.3
    public String codecString() {
        return switch (track.config()) {
            case VideoConfig video -> video.codecString();
            case AudioConfig audio -> audio.codecString();
            default -> throw new IllegalStateException(track.codec().label() + " does not fit into segments");
        };
    }

    /// In pixels; 0 for audio.
    public int width() {
        return track.config() instanceof VideoConfig video ? video.width() : 0;
    }

    /// In pixels; 0 for audio.
    public int height() {
        return track.config() instanceof VideoConfig video ? video.height() : 0;
    }

    /// 0 for video, and where the configuration does not say.
    public int channels() {
        return track.config() instanceof AudioConfig audio ? audio.channels() : 0;
    }

    /// How its samples are to be shown; unknown for audio.
    public Colour colour() {
        return track.config() instanceof VideoConfig video ? video.colour() : Colour.UNKNOWN;
    }
}
