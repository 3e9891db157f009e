package dev.sluice.bench.netty;

import dev.sluice.bench.Dialogue;
import dev.sluice.bench.ViewerFailed;
import dev.sluice.bench.Viewing;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A viewer on its socket. Owned by its loop.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class ViewerConnection extends ChannelInboundHandlerAdapter {
    private static final int CONNECT_MS = 10_000;

    private final Dialogue dialogue;
    private final Viewing viewing;
    private Optional<ChannelHandlerContext> context = Optional.empty();
    private boolean closed;

    ViewerConnection(Dialogue dialogue, Viewing viewing) {
        this.dialogue = dialogue;
        this.viewing = viewing;
    }

    /// Call on the loop.
    ///
    /// @param source address to connect from; port 0
    void open(LoadLoop loop, InetSocketAddress server, Optional<InetSocketAddress> source) {
        var bootstrap = new Bootstrap()
                .group(loop.loop())
                .channel(loop.channelType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .option(ChannelOption.RCVBUF_ALLOCATOR, loop.buffer())
                .handler(this);
        if (loop.channelType() == EpollSocketChannel.class) {
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        viewing.opened(LoadClock.nowNs());
        var connecting = source.isPresent() ? bootstrap.connect(server, source.get()) : bootstrap.connect(server);
        connecting.addListener(done -> {
            if (!connecting.isSuccess()) {
                viewing.ended("cannot connect: " + connecting.cause().getMessage());
            }
        });
    }

    /// Ends it from our side. Call on the loop.
    void close() {
        closed = true;
        viewing.left();
        context.ifPresent(ChannelHandlerContext::close);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        this.context = Optional.of(context);
        if (closed) {
            context.close();
            return;
        }
        dialogue.start();
        write(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            if (!closed) {
                dialogue.receive(bytes, LoadClock.nowNs());
            }
        } finally {
            bytes.release();
        }
        write(context);
    }

    private void write(ChannelHandlerContext context) {
        var output = dialogue.takeOutput();
        if (output.isReadable()) {
            context.writeAndFlush(output, context.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        viewing.ended("the server closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        viewing.ended(
                cause instanceof ViewerFailed
                        ? "" + cause.getMessage()
                        : "the connection broke: " + cause.getMessage());
        context.close();
    }
}
