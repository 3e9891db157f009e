package dev.sluice.hub;

/// Takes items of a [StreamLog] from a cursor of its own. Called on the loop it was opened with.
public interface Reader<E> {
    /// Takes what it can: [Cursor#peek] and [Cursor#advance] until nothing is left or nothing more can be taken.
    /// What it leaves stays where it is; [Cursor#resume] continues from there.
    void take(Cursor<E> cursor);

    /// Called once, when the log has ended and everything was taken, or when the reader is detached before.
    void onEnd(EndReason why);

    /// Reads what [#take] will read of this reader's own, so that it is in the processor's cache then. The value says
    /// nothing.
    default long touch() {
        return 0;
    }
}
