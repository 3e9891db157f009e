package dev.sluice.rtmp.netty;

import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/// How much one read takes from the socket: little from a stranger, so that little is kept while a question is
/// open, and much from a publisher. One per connection, owned by its loop.
@SuppressWarnings("deprecation") // the handle type that Netty's transports ask for is marked so, without a successor
final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int STRANGER_BYTES = 4 << 10;
    private static final int ADMITTED_BYTES = 32 << 10;

    private int bytes = STRANGER_BYTES;

    /// Does nothing to a channel whose reads are somebody else's business.
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
