package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.session.ServerSession;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// An RTMP server on a port of its own.
///
/// ```java try (RtmpServer server = RtmpServer.bind(new InetSocketAddress("127.0.0.1", 0), (channel, event)
/// -> { switch (event) { case ServerEvent.Asked question -> channel.accept(question.id()); case
/// ServerEvent.Media media -> frames.add(media); default -> {} } })) { … }
/// ```
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the loops of a server that could not start
public final class RtmpServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final long STOP_MS = 2_000;

    private final IoEventLoopGroup group;
    private final Channel listening;
    private final ChannelGroup connections;

    private RtmpServer(IoEventLoopGroup group, Channel listening, ChannelGroup connections) {
        this.group = group;
        this.listening = listening;
        this.connections = connections;
    }

    /// Listens with default limits.
    ///
    /// @param address port 0 takes a free one
    /// @param owner is called on the loop of each connection
    /// @throws IOException if the address cannot be listened on
    public static RtmpServer bind(InetSocketAddress address, RtmpChannel.Owner owner) throws IOException {
        return bind(address, RtmpLimits.DEFAULTS, RtmpTimeouts.DEFAULTS, ServerSession.DEFAULT_CHUNK_BYTES, owner);
    }

    /// Like the other, with limits, timeouts and chunk size of your own.
    public static RtmpServer bind(
            InetSocketAddress address,
            RtmpLimits limits,
            RtmpTimeouts timeouts,
            int chunkBytes,
            RtmpChannel.Owner owner)
            throws IOException {
        IoEventLoopGroup group = IoLoops.create(0, "rtmp-server");
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        var bound = new ServerBootstrap()
                .group(group)
                .channel(IoLoops.serverChannel(group))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(new RtmpChannel(limits, timeouts, chunkBytes, owner));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        return new RtmpServer(group, bound.channel(), connections);
    }

    /// Where it listens, with the port that port 0 became.
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /// Stops accepting, says goodbye to everybody and closes; returns when all are closed.
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        connections.forEach(channel -> channel.eventLoop()
                .execute(() -> channel.pipeline().get(RtmpChannel.class).close("server stopped")));
        connections.newCloseFuture().awaitUninterruptibly(STOP_MS);
        connections.close().awaitUninterruptibly(STOP_MS);
        group.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MS);
    }
}
