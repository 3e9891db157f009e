package dev.sluice.hub;

/// How long what is new waits on one loop before its readers hear of it, and who is told when they have. Owned by the
/// loop.
interface SendWindow {
    /// Readers hear at once.
    SendWindow NONE = new SendWindow() {
        @Override
        public long ns() {
            return 0;
        }

        @Override
        public void sent(long items, long readers, long tookNs, long nowNs) {}
    };

    /// The window now.
    long ns();

    /// A pass over all readers is over.
    ///
    /// @param items that were taken, summed over the readers
    /// @param readers that took any
    void sent(long items, long readers, long tookNs, long nowNs);
}
