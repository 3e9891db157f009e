package dev.sluice.media.mp4;

import java.util.List;

/// The samples of one track in one fragment.
///
/// @param trackId 1 for the first track of the initialisation segment, 2 for the second
/// @param baseTicks decode time of the first sample, in the track's timescale, not negative
/// @param samples in decode order, at least one
public record TrackRun(int trackId, long baseTicks, List<Sample> samples) {
    public TrackRun {
        samples = List.copyOf(samples);
        if (samples.isEmpty() || baseTicks < 0) {
            throw new IllegalArgumentException("a run of %d samples at %d ticks".formatted(samples.size(), baseTicks));
        }
    }

    int payloadBytes() {
        long bytes = 0;
        for (var sample : samples) {
            bytes += sample.payload().length();
        }
        return Math.toIntExact(bytes);
    }
}
