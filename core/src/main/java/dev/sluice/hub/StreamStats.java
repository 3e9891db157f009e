package dev.sluice.hub;

/// What came in, as of the last frame.
///
/// @param bytesIn coded bytes since the stream began
/// @param bitsPerSecond over the last few seconds
/// @param framesPerSecond video frames, over the last few seconds
/// @param frames of all tracks since the stream began
/// @param keyFrames video key frames since the stream began
/// @param clockJumps how often the publisher's clock jumped and was mended
/// @param reordered frames that were not later than the one before and were mended
public record StreamStats(
        long bytesIn,
        long bitsPerSecond,
        double framesPerSecond,
        long frames,
        long keyFrames,
        long clockJumps,
        long reordered) {
    public static final StreamStats NONE = new StreamStats(0, 0, 0, 0, 0, 0, 0);

    /// The same while nothing comes.
    StreamStats paused() {
        return new StreamStats(bytesIn, 0, 0, frames, keyFrames, clockJumps, reordered);
    }
}
