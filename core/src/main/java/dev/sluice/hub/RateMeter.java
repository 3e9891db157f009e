package dev.sluice.hub;

import dev.sluice.media.Frame;
import dev.sluice.media.TrackKind;

/// Counts frames and bytes, and their rate over the last [#BUCKETS] seconds. Owned by one loop.
final class RateMeter {
    private static final int BUCKETS = 4;
    private static final long BUCKET_NS = 1_000_000_000L;
    /// Who has sent nothing for as long has no rate.
    static final long SPAN_NS = BUCKETS * BUCKET_NS;

    private final long[] bytesPerBucket = new long[BUCKETS];
    private final long[] framesPerBucket = new long[BUCKETS];
    private long bucket = Long.MIN_VALUE;
    private long firstBucket;
    private long bytes;
    private long frames;
    private long keyFrames;

    void add(Frame frame, long nowNs) {
        turnTo(Math.floorDiv(nowNs, BUCKET_NS));
        int at = Math.floorMod(bucket, BUCKETS);
        bytes += frame.payload().length();
        bytesPerBucket[at] += frame.payload().length();
        frames++;
        if (frame.track().kind() == TrackKind.VIDEO) {
            framesPerBucket[at]++;
        }
        if (frame.isVideoKey()) {
            keyFrames++;
        }
    }

    StreamStats stats(Timeline timeline) {
        // the bucket being filled is left out, unless it is the only one
        long full = Math.clamp(bucket - firstBucket, 0, BUCKETS - 1);
        int filling = Math.floorMod(bucket, BUCKETS);
        long rateBytes = 0;
        long rateFrames = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (i != filling || full == 0) {
                rateBytes += bytesPerBucket[i];
                rateFrames += framesPerBucket[i];
            }
        }
        long seconds = Math.max(1, full);
        return new StreamStats(
                bytes,
                rateBytes * 8 / seconds,
                (double) rateFrames / seconds,
                frames,
                keyFrames,
                timeline.repairs(),
                timeline.skewNs(),
                timeline.skewAtStartNs());
    }

    private void turnTo(long now) {
        if (bucket == Long.MIN_VALUE) {
            bucket = now;
            firstBucket = now;
        }
        long skipped = Math.min(now - bucket, BUCKETS);
        for (long i = 1; i <= skipped; i++) {
            int at = Math.floorMod(bucket + i, BUCKETS);
            bytesPerBucket[at] = 0;
            framesPerBucket[at] = 0;
        }
        bucket = now;
    }
}
