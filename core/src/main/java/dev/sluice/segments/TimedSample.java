package dev.sluice.segments;

import dev.sluice.media.Payload;
import dev.sluice.media.Track;

/// An access unit at its place on a track's time axis; its duration is not known yet.
///
/// @param startTicks decode time in the track's timescale
/// @param startNs the same in nanoseconds
/// @param compositionTicks presentation minus decode time
record TimedSample(Track track, long startTicks, long startNs, int compositionTicks, boolean key, Payload payload) {
    boolean sameConfig(TimedSample other) {
        return track.config().equals(other.track.config());
    }
}
