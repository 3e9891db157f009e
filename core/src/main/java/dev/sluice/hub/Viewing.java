package dev.sluice.hub;

/// A viewer being shown a stream. Any thread.
public interface Viewing {
    /// Ends it; the framing is told `why`. Twice does no harm.
    void end(EndReason why);

    /// Bytes handed to the outlet so far.
    long bytesSent();

    /// How often the viewer fell behind and lost whole GOPs.
    long jumps();
}
