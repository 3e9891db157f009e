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

    /// Hands what was queued to the kernel.
    void flush();

    /// Called on the loop when it becomes writable again.
    void onWritable(Runnable resume);

    /// Called on the loop once when the connection is gone, whoever closed it.
    void onClosed(Runnable gone);

    /// Ends the connection after what was queued has left, at most a short grace later.
    void close();
}
