package dev.sluice.bench;

/// Publishers and viewers at work. For one thread, which waits here.
public interface Load extends AutoCloseable {
    /// Lets viewers come or go.
    ///
    /// @param viewersPerStream how many there are to be
    void resize(int viewersPerStream) throws InterruptedException;

    LoadState state() throws InterruptedException;

    /// Everybody leaves.
    @Override
    void close() throws InterruptedException;
}
