package dev.sluice.bench;

import io.netty.buffer.ByteBuf;

/// How one viewer speaks with a server: bytes in, bytes out, no socket. For one thread.
public interface Dialogue {
    /// The connection stands.
    void start();

    /// Reads all that arrived.
    ///
    /// @throws ViewerFailed when there is no use in going on
    void receive(ByteBuf in, long nowNs);

    /// Bytes to send, as a heap buffer that needs no release; empty if there are none.
    ByteBuf takeOutput();
}
