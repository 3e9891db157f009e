package dev.sluice.rtmp.session;

/// A bucket of tokens that fills evenly. Sees time only as an argument; any monotonic origin will do.
final class RateLimit {
    private final int perSecond;
    private final int burst;
    private double tokens;
    private long lastNs;

    RateLimit(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
    }

    /// Takes a token.
    ///
    /// @return whether there was a token to take
    boolean take(long nowNs) {
        tokens = Math.min(burst, tokens + Math.max(0, nowNs - lastNs) * (perSecond / 1e9));
        lastNs = nowNs;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
