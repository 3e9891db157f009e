package dev.sluice.bench.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/// One buffer into which all connections of a loop read: each is done with it before the next one reads, so a viewer
/// costs no buffer. Owned by that loop.
@SuppressWarnings("deprecation") // the handle type that Netty's transports ask for is marked so, without a successor
final class SharedReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator implements AutoCloseable {
    private static final int BYTES = 256 << 10;

    private final ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(BYTES, BYTES);

    @Override
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return buffer.clear().retain();
            }

            @Override
            public int guess() {
                return BYTES;
            }
        };
    }

    /// Call when no connection reads any more.
    @Override
    public void close() {
        buffer.release();
    }
}
