package dev.sluice.server.http;

import dev.sluice.server.netty.IoTransport;
import dev.sluice.server.netty.Loops;
import dev.sluice.server.netty.SocketSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.IoUringTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The one class that touches the inside of Vert.x. It starts Vert.x and owns the event loops of the server:
/// closed last. It makes HTTP servers that bind no port but [Entry#adopt] connections that were accepted
/// elsewhere.
///
/// How: the transport given to Vert.x makes [VirtualServerChannel]s, and sees the bootstrap of each HTTP server;
/// its child handler is what sets up the pipeline of an accepted connection, and that is all we need of
/// accepting. See docs/decisions/0002-ports-own-every-socket.md.
public final class VertxBridge implements AutoCloseable {
    private static final long START_TIMEOUT_S = 10;
    private static final long CLOSE_TIMEOUT_S = 2;

    private final VertxInternal vertx;
    private final Loops loops;
    private final SocketlessTransport transport;
    private int entries;

    private VertxBridge(VertxInternal vertx, SocketlessTransport transport, SocketSettings sockets) {
        this.vertx = vertx;
        this.transport = transport;
        this.loops = new Loops(vertx.acceptorEventLoopGroup().next(), vertx.nettyEventLoopGroup(), sockets);
    }

    /// Starts Vert.x and with it the event loops: on the transport of the settings, or the next best.
    public static VertxBridge start(SocketSettings sockets) {
        var nearest = sockets.transport().orNearest();
        var transport = new SocketlessTransport(real(nearest), nearest);
        var options = new VertxOptions()
                .setEventLoopPoolSize(sockets.effectiveLoops())
                .setPreferNativeTransport(true);
        options.getFileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
        var vertx = VertxBootstrap.create()
                .options(options)
                .transport(transport)
                .init()
                .vertx();
        return new VertxBridge((VertxInternal) vertx, transport, sockets);
    }

    /// How Vert.x does it. Made here, because its list of transports tries all of them, io_uring too, when it loads.
    private static Transport real(IoTransport transport) {
        return switch (transport) {
            case EPOLL -> new EpollTransport();
            case IO_URING -> new IoUringTransport();
            case NIO -> NioTransport.INSTANCE;
        };
    }

    public Loops loops() {
        return loops;
    }

    /// The public face of Vert.x, for routers and the like.
    Vertx vertx() {
        return vertx;
    }

    /// An HTTP server without a socket, with one instance on each event loop. Call it on one thread, not on a
    /// loop.
    Entry serve(
            HttpServerConfig config,
            Handler<HttpServerRequest> requestHandler,
            Handler<HttpServerRequest> invalidRequestHandler) {
        // The number is never bound; it makes the instances of this entry one server, and different from the next
        // entry.
        var address = SocketAddress.inetSocketAddress(++entries, "127.0.0.1");
        List<HttpServer> servers = new ArrayList<>();
        for (var loop : loops.all()) {
            var context = vertx.contextBuilder().withEventLoop(loop.eventLoop()).build();
            var server = vertx.createHttpServer(config)
                    .requestHandler(requestHandler)
                    .invalidRequestHandler(invalidRequestHandler);
            var listening = new CompletableFuture<HttpServer>();
            context.runOnContext(
                    v -> server.listen(address).onComplete(listening::complete, listening::completeExceptionally));
            await(listening, START_TIMEOUT_S);
            servers.add(server);
        }
        return new Entry(transport.lastChildHandler(), List.copyOf(servers));
    }

    /// Where accepted connections enter Vert.x.
    record Entry(ChannelHandler childHandler, List<HttpServer> servers) {
        /// Sets up the HTTP pipeline of a registered channel, behind the handlers that it has. On the channel's
        /// loop.
        void adopt(Channel channel) {
            channel.pipeline().addLast(childHandler);
        }

        /// Ends idle connections at once and the others within `grace`.
        Future<Void> close(Duration grace) {
            return Future.all(servers.stream()
                            .map(server -> server.shutdown(grace))
                            .toList())
                    .mapEmpty();
        }
    }

    /// The Netty channel below a request.
    static Channel channelOf(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }

    /// The bytes themselves, not a copy. Whoever gave them must not change them any more.
    static Buffer bufferOf(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }

    /// Ends the event loops and everything on them.
    @Override
    public void close() {
        var closed = new CompletableFuture<Void>();
        vertx.close().onComplete(closed::complete, closed::completeExceptionally);
        try {
            closed.get(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Vert.x did not stop in " + CLOSE_TIMEOUT_S + " s", e);
        }
    }

    private static <T> T await(CompletableFuture<T> future, long timeoutSeconds) {
        try {
            return future.get(timeoutSeconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the HTTP front starts", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the HTTP front does not start", e);
        }
    }

    /// Loops and clients as `real` makes them, servers without sockets.
    private static final class SocketlessTransport implements Transport {
        private final Transport real;
        private final IoTransport io;
        private volatile @Nullable ChannelHandler childHandler;

        SocketlessTransport(Transport real, IoTransport io) {
            this.real = real;
            this.io = io;
        }

        /// What the server that listened last sets up its connections with. Instances of one server share it.
        ChannelHandler lastChildHandler() {
            return Objects.requireNonNull(childHandler, "Vert.x does not show its bootstrap to the transport any more");
        }

        @Override
        public boolean supportsDomainSockets() {
            return real.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return real.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return real.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return real.unavailabilityCause();
        }

        @Override
        public java.net.SocketAddress convert(SocketAddress address) {
            return real.convert(address);
        }

        @Override
        public SocketAddress convert(java.net.SocketAddress address) {
            return real.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return io.handlers();
        }

        @Override
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return real.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
            return real.datagramChannelFactory();
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return real.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return VirtualServerChannel::new;
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            real.configure(channel, options);
        }

        @Override
        public void configure(TcpConfig options, boolean domainSocket, Bootstrap bootstrap) {
            real.configure(options, domainSocket, bootstrap);
        }

        /// Socket options are the business of the ports; the child handler is what we came for.
        @Override
        public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
            childHandler = bootstrap.config().childHandler();
        }
    }
}
