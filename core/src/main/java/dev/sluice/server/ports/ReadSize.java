package dev.sluice.server.ports;

import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/// How much one read takes from a connection: little from a stranger, so that little is held while somebody
/// decides about him, and much afterwards. Netty fixes a connection's allocator at its first read, which is ours.
/// One per connection.
@SuppressWarnings("deprecation") // the handle type that Netty's transports ask for is marked so, without a successor
final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int STRANGER_BYTES = 4 << 10;
    private static final int ADMITTED_BYTES = 64 << 10;

    private volatile int bytes = STRANGER_BYTES;

    /// Does nothing to a connection of somebody else. Any thread.
    static void admit(Channel channel) {
        if (channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator() instanceof ReadSize size) {
            size.bytes = ADMITTED_BYTES;
        }
    }

    @Override
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return bytes;
            }
        };
    }
}
