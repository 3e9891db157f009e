package dev.sluice.hub;

import io.netty.buffer.ByteBuf;

/// One viewer's connection, as the hub sees it: bytes go out, in order, while it is writable. Every method is
/// called on [#loop()].
public interface Outlet {
    Loop loop();

    /// Whether more bytes are welcome. Turns false when the kernel and our bounded buffer are full.
    boolean writable();

    /// Queues bytes and takes over the caller's reference, also when the connection is already gone.
    void write(ByteBuf bytes);

    /// Writes bytes that all viewers share. Where nothing waits before them they go to the kernel at once, without a
    /// buffer of their own.
    ///
    /// @return how many records of the run were taken, at least one; less than all only if nothing more is writable
    default int send(WireRun<?> run) {
        for (var piece : run.pieces()) {
            write(piece.bytes());
        }
        return run.count();
    }

    /// Reads what [#send] will read of this outlet's own: see [Reader#touch()].
    default long touch() {
        return 0;
    }

    /// Opens a write of bytes that are this viewer's own, at most `maxBytes` of them, and gives the buffer to put them
    /// into. Nothing else is written until [#end].
    ByteBuf begin(int maxBytes);

    /// Ends what [#begin] opened: as [#send] does.
    void end();

    /// Hands what was queued to the kernel.
    void flush();

    /// Called on the loop when it becomes writable again. Takes the place of whoever was called before.
    void onWritable(Runnable resume);

    /// Called on the loop once when the connection is gone, whoever closed it; at once if it is gone already. Takes
    /// the place of whoever was called before.
    void onClosed(Runnable gone);

    /// Nobody uses it for now: one connection may carry one playback after the other.
    default void release() {
        onWritable(() -> {});
        onClosed(() -> {});
    }

    /// Ends the connection after what was queued has left, at most a short grace later.
    void close();
}
