package dev.sluice.hub;

import io.netty.buffer.ByteBuf;

/// Where the finished bytes of one frame lie.
///
/// @param offset in the slab, bytes
/// @param length bytes
/// @param prologue what a reader must have got before these bytes
/// @param timeNs decode time on the stream's timeline
/// @param join whether a newcomer may start with these bytes
/// @param mark 64 bits of the format's own, such as the times that its headers are relative to
public record WireRecord<P>(Slab slab, int offset, int length, P prologue, long timeNs, boolean join, long mark) {
    /// Adds the bytes to a buffer. Only while they are held, as those of a [WireRun] are.
    public void writeTo(ByteBuf out) {
        out.writeBytes(slab.bytes(), offset, length);
    }
}
