package dev.sluice.media.flv;

import dev.sluice.media.TrackKind;
import java.util.EnumMap;

/// Turns the 32-bit millisecond timestamps of one publication into nanoseconds that do not wrap.
///
/// Each kind of track counts from its own last frame, by the signed 32-bit difference: so small steps back stay
/// steps back, and 49.7 days pass unnoticed. A kind that speaks for the first time counts from the latest frame
/// of any kind, so both land in the same turn. Configurations and data take their place in that time without
/// moving it: encoders like to stamp them 0.
final class TimestampUnwrapper {
    private static final long NS_PER_MS = 1_000_000;

    /// Where a kind was last; mutable, because it changes with every frame.
    private static final class Last {
        private long ms;
        private boolean known;
    }

    private final EnumMap<TrackKind, Last> lasts = new EnumMap<>(TrackKind.class);
    private long latestMs;
    private boolean started;

    /// The time of a frame.
    long frameNs(TrackKind kind, long timestampMs) {
        var last = lasts.computeIfAbsent(kind, _ -> new Last());
        last.ms = started ? nearest(last.known ? last.ms : latestMs, timestampMs) : timestampMs;
        last.known = true;
        latestMs = last.ms;
        started = true;
        return last.ms * NS_PER_MS;
    }

    /// The time of data that stands beside the frames.
    long dataNs(long timestampMs) {
        return (started ? nearest(latestMs, timestampMs) : timestampMs) * NS_PER_MS;
    }

    /// The time of a configuration: never before the latest frame, because it cannot change what has been sent.
    long configurationNs(long timestampMs) {
        return started ? Math.max(dataNs(timestampMs), latestMs * NS_PER_MS) : timestampMs * NS_PER_MS;
    }

    private static long nearest(long referenceMs, long timestampMs) {
        return referenceMs + (int) (timestampMs - referenceMs);
    }
}
