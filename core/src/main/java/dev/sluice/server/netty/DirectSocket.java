package dev.sluice.server.netty;

import dev.sluice.hub.WireRun;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The way from memory to the kernel past Netty's queue of writes, for a connection whose bytes nothing
/// changes on their way out. It is open while that queue is empty, so the order stays. One per connection,
/// on its loop.
final class DirectSocket {
    /// A run lies in one piece or two; of one in more, what has no place here counts as not sent.
    private static final int MAX_PIECES = 16;

    private static final FastThreadLocal<IovArray> PIECES = new FastThreadLocal<>() {
        @Override
        protected IovArray initialValue() {
            return new IovArray(MAX_PIECES);
        }

        @Override
        protected void onRemoval(IovArray pieces) {
            pieces.release();
        }
    };

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

    /// Gives a run to the kernel, in one call wherever its pieces lie. See [#send(long,int)].
    int send(WireRun<?> run) {
        var pieces = run.pieces();
        if (pieces.size() == 1) {
            return send(pieces.getFirst().address(), run.length());
        }
        if (!socket.isOpen()) {
            return run.length();
        }
        var gathered = PIECES.get();
        gathered.clear();
        for (var piece : pieces) {
            gathered.add(piece.memory(), piece.offset(), piece.length());
        }
        try {
            return (int) socket.writevAddresses(gathered.memoryAddress(0), gathered.count());
        } catch (IOException gone) {
            channel.close();
            return run.length();
        }
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
