package dev.sluice.rtmp.session;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;

/// Ends a peer that makes us parse chunk headers at an absurd rate for five seconds: tiny chunks cost more than
/// they carry.
final class HeaderRate {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SECONDS = 5;
    private static final long NOT_STARTED = Long.MIN_VALUE;

    private final int perSecond;
    private long secondBeganNs = NOT_STARTED;
    private long headersThen;
    private int secondsAbove;

    HeaderRate(int perSecond) {
        this.perSecond = perSecond;
    }

    void check(long headersRead, long nowNs) {
        if (secondBeganNs == NOT_STARTED) {
            secondBeganNs = nowNs;
        }
        long elapsedNs = nowNs - secondBeganNs;
        if (elapsedNs < SECOND_NS) {
            return;
        }
        double rate = (headersRead - headersThen) * (double) SECOND_NS / elapsedNs;
        secondsAbove = rate > perSecond ? secondsAbove + 1 : 0;
        secondBeganNs = nowNs;
        headersThen = headersRead;
        if (secondsAbove >= SECONDS) {
            throw RtmpException.limit(Limit.CHUNK_HEADER_RATE, "More than %d chunk headers a second.", perSecond);
        }
    }
}
