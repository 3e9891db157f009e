package dev.sluice.hub;

import dev.sluice.media.Frame;
import dev.sluice.media.Metadata;

/// Turns the entries of one stream into finished bytes, once. On the stream's home loop; it computes and never
/// waits.
///
/// @param <P> the format's prologue
public interface Packager<P> {
    /// At the start, and whenever tracks or metadata changed.
    void state(StreamState state);

    /// Writes one frame.
    ///
    /// @param join whether a newcomer may start with this frame
    void frame(Frame frame, boolean join);

    /// Nothing comes for a while: the publisher was lost and may come back. What is held back for a next frame should
    /// be written now.
    default void gap() {}

    /// Data that belongs to a moment (cue points, captions); most formats carry none.
    default void data(Metadata data) {}
}
