package dev.sluice.bench;

/// What is published: how many streams, and what each is like.
///
/// @param publishers streams
/// @param kbps video of one stream, 1000 bits per second; audio adds 128
/// @param framesPerSecond video frames per second
/// @param gopFrames distance of key frames, frames
public record LoadShape(int publishers, int kbps, int framesPerSecond, int gopFrames) {
    public static final int AUDIO_KBPS = 128;

    public LoadShape {
        if (publishers < 0 || kbps < 1 || framesPerSecond < 1 || gopFrames < 1) {
            throw new IllegalArgumentException("a load has publishers, a bit rate, a frame rate and a GOP above 0");
        }
    }

    /// What all viewers together are to get, bits per second.
    public long bitsPerSecond(int viewers) {
        return viewers * (kbps + AUDIO_KBPS) * 1_000L;
    }
}
