package dev.sluice.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/// A thread's buffer for bytes that are sent before anything else happens on that thread.
final class Scratch {
    private static final int BYTES = 192 << 10;

    private static final FastThreadLocal<ByteBuf> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.directBuffer(BYTES, BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf scratch) {
            scratch.release();
        }
    };

    private Scratch() {}

    /// Empty, and always the same one, unless more is wanted than a write usually has. The caller gets a reference.
    static ByteBuf ofAtLeast(int bytes) {
        return bytes > BYTES
                ? ByteBufAllocator.DEFAULT.directBuffer(bytes)
                : OF_THREAD.get().clear().retain();
    }
}
