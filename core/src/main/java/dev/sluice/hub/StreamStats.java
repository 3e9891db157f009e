package dev.sluice.hub;

import java.util.Map;

/// What came in, as of the last frame: of the publication that feeds the stream, or fed it last.
///
/// @param bytesIn coded bytes since the publication began
/// @param bitsPerSecond over the last few seconds
/// @param framesPerSecond video frames, over the last few seconds
/// @param frames of all tracks since the publication began
/// @param keyFrames video key frames since the publication began
/// @param repairs how often each rule of the timeline was needed; rules that were not are absent;
///   since the stream began
/// @param skewNs how far audio is ahead of video, averaged over the last second or two
/// @param skewAtStartNs the same when the publication began
public record StreamStats(
        long bytesIn,
        long bitsPerSecond,
        double framesPerSecond,
        long frames,
        long keyFrames,
        Map<Repair, Long> repairs,
        long skewNs,
        long skewAtStartNs) {
    public static final StreamStats NONE = new StreamStats(0, 0, 0, 0, 0, Map.of(), 0, 0);

    /// By how much audio has run away from video since the publication began; negative when it fell behind.
    /// Reported, never repaired.
    public long driftNs() {
        return skewNs - skewAtStartNs;
    }

    /// The same while nothing comes.
    StreamStats paused() {
        return new StreamStats(bytesIn, 0, 0, frames, keyFrames, repairs, skewNs, skewAtStartNs);
    }
}
