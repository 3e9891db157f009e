package dev.sluice.segments;

import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;

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
            case AvcConfig avc -> avc.codecString();
            case AacConfig aac -> aac.codecString();
            default -> throw new IllegalStateException(track.codec().label() + " does not fit into segments");
        };
    }

    /// In pixels; 0 for audio.
    public int width() {
        return track.config() instanceof AvcConfig avc ? avc.info().width() : 0;
    }

    /// In pixels; 0 for audio.
    public int height() {
        return track.config() instanceof AvcConfig avc ? avc.info().height() : 0;
    }

    /// 0 for video, and where the configuration does not say.
    public int channels() {
        return track.config() instanceof AacConfig aac ? aac.channels() : 0;
    }
}
