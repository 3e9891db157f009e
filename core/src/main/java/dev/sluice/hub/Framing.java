package dev.sluice.hub;

/// What one viewer's protocol adds to the shared bytes. On the loop of the viewer's outlet.
///
/// @param <P> the format's prologue
public interface Framing<P> {
    /// Writes the private bytes that stand before `first`: at the start, after each jump, and when the prologue
    /// changes.
    void join(P prologue, WireRecord<P> first, Outlet outlet);

    /// Writes shared bytes.
    ///
    /// @return how many records of the run were taken, as [Outlet#send] says it
    default int run(WireRun<P> run, Outlet outlet) {
        return outlet.send(run);
    }

    /// Whether a viewer who got the first prologue can go on with the second. Otherwise he is ended with
    /// [EndReason#CODEC_CHANGED].
    default boolean follows(P before, P next) {
        return true;
    }

    /// The viewer fell behind and goes on at a later key frame. The next call is [#join].
    default void jumped() {}

    /// No more bytes come: say goodbye in the protocol's way and close the outlet.
    void end(EndReason why, Outlet outlet);
}
