package dev.sluice.server.ports;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.ports.ConnectionCounts.Slot;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Limits;
import dev.sluice.server.spi.Ports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All listening sockets of the server, on one address. [#offer] and [#close] are called by the thread that
/// starts and stops the server; the rest runs on event loops.
///
/// Limits are applied on the accept loop, before a refused connection is even registered, so refusing is
/// cheap.
public final class PortsImpl implements Ports, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortsImpl.class);
    private static final AttributeKey<Slot> SLOT = AttributeKey.valueOf(PortsImpl.class, "slot");
    private static final AttributeKey<Long> ACCEPTED_NS = AttributeKey.valueOf(PortsImpl.class, "acceptedNs");
    private static final AttributeKey<ReadSize> READS = AttributeKey.valueOf(PortsImpl.class, "reads");

    private final Loops loops;
    private final InetAddress listenAddress;
    private final PortLimits limits;
    private final ConnectionCounts counts;
    private final Limits hits;
    private final LoopChoice loopChoice;
    private final ChannelGroup unrecognised = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<Integer, Listener> byPort = new HashMap<>();
    private boolean closed;

    /// @param listenAddress what all ports bind to (`--listen`)
    /// @param hits told whenever somebody hits a limit
    public PortsImpl(Loops loops, InetAddress listenAddress, PortLimits limits, Limits hits) {
        this.loops = loops;
        this.listenAddress = listenAddress;
        this.limits = limits;
        this.counts = new ConnectionCounts(limits);
        this.loopChoice = new LoopChoice(loops.all());
        this.hits = hits;
    }

    /// A socket and who offered it; the first one explains itself to clients that nobody recognises.
    private record Listener(Channel socket, List<Protocol> protocols) {
        InetSocketAddress address() {
            return (InetSocketAddress) socket.localAddress();
        }
    }

    @Override
    public InetSocketAddress offer(Protocol protocol) throws PortTaken {
        if (closed) {
            throw new IllegalStateException("the server is stopping");
        }
        var shared = byPort.get(protocol.port());
        if (shared != null) {
            shared.protocols().add(protocol);
            return shared.address();
        }
        List<Protocol> protocols = new CopyOnWriteArrayList<>(List.of(protocol));
        var bound = bootstrap(protocols)
                .bind(new InetSocketAddress(listenAddress, protocol.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new PortTaken(whyNotBound(protocol, bound.cause()));
        }
        var listener = new Listener(bound.channel(), protocols);
        listeners.add(listener);
        if (protocol.port() != 0) {
            byPort.put(protocol.port(), listener);
        }
        return listener.address();
    }

    private ServerBootstrap bootstrap(List<Protocol> protocols) {
        var bootstrap = new ServerBootstrap()
                .group(loops.acceptLoop().eventLoop(), loops.group())
                .channel(loops.transport().serverChannelClass())
                .handler(new AcceptGate(protocols))
                .childHandler(new ChannelInboundHandlerAdapter()); // never used: the gate registers connections
        loops.socketOptions().addTo(bootstrap);
        return bootstrap;
    }

    private String whyNotBound(Protocol protocol, Throwable cause) {
        var reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (reason.contains("already in use")) {
            return "port " + protocol.port() + " is taken (address already in use): stop the other program, or set "
                    + protocol.portSetting() + " to another port, 0 takes a free one";
        }
        if (reason.contains("permission denied")) {
            return "port " + protocol.port() + " may not be opened (permission denied): set " + protocol.portSetting()
                    + " to a port above 1023, or give the server the right to open it";
        }
        if (reason.contains("cannot assign")) {
            return "address " + listenAddress.getHostAddress() + " is not an address of this machine: correct --listen";
        }
        return "port " + protocol.port() + " on " + listenAddress.getHostAddress() + " cannot be opened ("
                + cause.getMessage() + "): see " + protocol.portSetting();
    }

    /// Stands before Netty's acceptor on a listening socket, on the accept loop, and leaves it nothing but the pause
    /// after a failed accept: Netty's would not know which loop carries how much.
    private final class AcceptGate extends ChannelInboundHandlerAdapter {
        private final List<Protocol> protocols;

        AcceptGate(List<Protocol> protocols) {
            this.protocols = protocols;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var child = (Channel) message;
            if (!(child.remoteAddress() instanceof InetSocketAddress remote)) {
                child.unsafe().closeForcibly();
                return;
            }
            var from = remote.getAddress();
            counts.refusal(from, System.nanoTime())
                    .ifPresentOrElse(
                            kind -> {
                                hits.hit(kind, from);
                                child.unsafe().closeForcibly();
                            },
                            () -> {
                                child.attr(SLOT).set(counts.opened(from));
                                register(child, protocols);
                            });
        }
    }

    /// Accept loop. A connection that is gone already ends like any other, once it is registered.
    private void register(Channel child, List<Protocol> protocols) {
        var loop = loopChoice.take();
        child.closeFuture().addListener(gone -> onAcceptLoop(() -> loopChoice.closed(loop)));
        try {
            loops.socketOptions().setOn(child);
        } catch (ChannelException e) {
            LOG.debug("port.options remote={}", child.remoteAddress(), e);
        }
        child.pipeline().addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                onRegistered(channel, protocols);
            }
        });
        loop.eventLoop().register(child);
    }

    private void onRegistered(Channel channel, List<Protocol> protocols) {
        var slot = channel.attr(SLOT).get();
        var reads = new ReadSize();
        channel.attr(READS).set(reads);
        channel.attr(ACCEPTED_NS).set(System.nanoTime());
        channel.config().setRecvByteBufAllocator(reads);
        channel.closeFuture().addListener(gone -> onAcceptLoop(() -> counts.closed(slot)));
        unrecognised.add(channel);
        channel.pipeline()
                .addLast(new FirstBytes(
                        protocols,
                        limits.firstBytesTimeoutMs(),
                        late -> onFirstBytesTimeout(channel),
                        recognised -> unrecognised.remove(channel)));
    }

    private void onFirstBytesTimeout(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress remote) {
            hits.hit(LimitKind.FIRST_BYTES_TIMEOUT, remote.getAddress());
        }
    }

    @Override
    public void admitted(Channel channel) {
        var reads = channel.attr(READS).get();
        if (reads != null) {
            reads.admit();
        }
        var slot = channel.attr(SLOT).get();
        if (slot != null) {
            onAcceptLoop(() -> counts.admitted(slot));
        }
    }

    @Override
    public long ageMs(Channel channel) {
        var acceptedNs = channel.attr(ACCEPTED_NS).get();
        return acceptedNs == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - acceptedNs);
    }

    /// Counting ends with the accept loop; connections that close after it have nobody to tell.
    private void onAcceptLoop(Runnable task) {
        var loop = loops.acceptLoop();
        if (!loop.eventLoop().isShuttingDown()) {
            loop.execute(task);
        }
    }

    /// Stops accepting, and closes connections that nobody took over yet. The others belong to their
    /// protocols.
    @Override
    public void close() {
        closed = true;
        for (var listener : listeners) {
            listener.socket().close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        unrecognised.close();
    }
}
