package dev.sluice.hub;

import dev.sluice.media.TrackKind;

/// How far audio is ahead of video in what a publication sends, averaged over the last second or two, and how
/// far it was when the publication began. The difference is drift: a thing to report, not to repair. Owned by
/// one loop.
final class AvSkew {
    private static final int SAMPLES = 64;

    private final long[] newestNs = new long[TrackKind.values().length];
    private TrackKind last = TrackKind.DATA;
    private int samples;
    private long averageNs;
    private long atStartNs;

    /// A publication begins.
    void reset() {
        last = TrackKind.DATA;
        samples = 0;
        averageNs = 0;
        atStartNs = 0;
    }

    /// Takes a frame's place. Where audio and video take turns, the distance of the two is a sample: so a
    /// track that is silent for a while says nothing.
    void add(TrackKind kind, long dtsNs) {
        if (kind == TrackKind.DATA) {
            return;
        }
        newestNs[kind.ordinal()] = dtsNs;
        if (last != TrackKind.DATA && last != kind) {
            sample(newestNs[TrackKind.AUDIO.ordinal()] - newestNs[TrackKind.VIDEO.ordinal()]);
        }
        last = kind;
    }

    private void sample(long skewNs) {
        boolean starting = samples < SAMPLES;
        samples = Math.min(SAMPLES, samples + 1);
        averageNs += (skewNs - averageNs) / samples;
        if (starting) {
            atStartNs = averageNs;
        }
    }

    long nowNs() {
        return averageNs;
    }

    long atStartNs() {
        return atStartNs;
    }
}
