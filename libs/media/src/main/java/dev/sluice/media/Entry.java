package dev.sluice.media;

/// One entry of a live stream's log. Immutable: every reader on every thread may share it. Times are nanoseconds
/// on one clock per stream; a muxer converts to its own unit.
public sealed interface Entry permits Frame, TracksChanged, Metadata, Gap {
    /// When the entry is to be decoded, in nanoseconds on the stream's timeline.
    long timeNs();

    /// What the entry holds on the heap, in bytes, for the memory budget.
    int sizeBytes();
}
