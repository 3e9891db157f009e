package dev.sluice.hub;

/// A viewer being shown a stream. Any thread.
public interface Viewing {
    /// Nobody's: nothing was sent, nothing waits.
    Viewing NONE = new Viewing() {
        @Override
        public void end(EndReason why) {}

        @Override
        public long bytesSent() {
            return 0;
        }

        @Override
        public long jumps() {
            return 0;
        }

        @Override
        public Lag lag() {
            return Lag.NONE;
        }

        @Override
        public long seenNs() {
            return Long.MIN_VALUE;
        }
    };

    /// Ends it; the framing is told `why`. Twice does no harm.
    void end(EndReason why);

    /// Bytes handed to the outlet so far.
    long bytesSent();

    /// How often the viewer fell behind and lost whole GOPs.
    long jumps();

    /// How far the viewer is behind; none once it has ended.
    Lag lag();

    /// Decode time of what was sent last, nanoseconds on the stream's timeline; the smallest number if nothing was.
    /// On the loop of the outlet.
    long seenNs();
}
