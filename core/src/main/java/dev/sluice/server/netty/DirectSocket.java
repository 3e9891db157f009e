package dev.sluice.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The way from memory to the kernel past Netty's queue of writes, for a connection whose bytes nothing
/// changes on their way out. It is open while that queue is empty, so the order stays. One per connection,
/// on its loop.
final class DirectSocket {
    private final Channel channel;
    private final Socket socket;
    private final ChannelOutboundBuffer queue;

    private DirectSocket(Channel channel, Socket socket, ChannelOutboundBuffer queue) {
        this.channel = channel;
        this.socket = socket;
        this.queue = queue;
    }

    /// Null where there is none: not on epoll, or through handlers that change what is written, such as TLS.
    static @Nullable DirectSocket behind(ChannelHandlerContext ctx) {
        var queue = ctx.channel().unsafe().outboundBuffer();
        if (!(ctx.channel() instanceof EpollSocketChannel channel) || queue == null || changesBytes(ctx)) {
            return null;
        }
        return new DirectSocket(channel, (Socket) channel.fd(), queue);
    }

    private static boolean changesBytes(ChannelHandlerContext ctx) {
        for (var handler : ctx.pipeline()) {
            if (handler.getValue() == ctx.handler()) {
                return false;
            }
            if (handler.getValue() instanceof ChannelOutboundHandler) {
                return true;
            }
        }
        return true;
    }

    /// Whether Netty holds nothing that must leave before.
    boolean isFree() {
        return queue.totalPendingWriteBytes() == 0;
    }

    /// Reads what [#send] will read.
    long touch() {
        return socket.intValue() + queue.totalPendingWriteBytes();
    }

    /// Gives bytes to the kernel.
    ///
    /// The socket is asked whether it is open, and not the channel: it knows first, and its number may be another
    /// connection's soon.
    ///
    /// @return how many it took; less when it is full; all of them when the connection is gone: nobody misses them
    int send(long address, int length) {
        if (!socket.isOpen()) {
            return length;
        }
        try {
            return socket.sendAddress(address, 0, length);
        } catch (IOException gone) {
            channel.close();
            return length;
        }
    }
}
