package dev.sluice.rtmp.handshake;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;

/// One side of the handshake of RTMPE: the signed one, with a Diffie-Hellman key in each first packet. What
/// it agrees on keeps casual eyes out and nobody else. Works on any split of the bytes. One owner.
public sealed interface ScrambledHandshake permits ScrambledServerHandshake, ScrambledClientHandshake {
    /// Takes what it needs of `in` and writes what is due to `out`.
    ///
    /// @return whether the handshake is complete; what is left in `in` is scrambled
    /// @throws RtmpException if the peer does not speak RTMPE
    boolean receive(ByteBuf in, ByteBuf out);

    /// How the packets were laid out; known when the handshake is complete.
    HandshakeForm form();

    /// For all that follows, once the handshake is complete.
    StreamCiphers ciphers();
}
