package dev.sluice.hub;

/// A viewer being shown a stream. Any thread.
public interface Viewing {
    /// Ends it; the framing is told `why`. Twice does no harm.
    void end(EndReason why);

    /// Bytes handed to the outlet so far.
    long bytesSent();

    /// How often the viewer fell behind and lost whole GOPs.
    long jumps();

    /// Decode time of what was sent last, nanoseconds on the stream's timeline; the smallest number if nothing was.
    /// On the loop of the outlet.
    long seenNs();
}
