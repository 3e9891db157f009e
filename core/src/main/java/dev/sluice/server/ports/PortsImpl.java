package dev.sluice.server.ports;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.spi.Limits;
import dev.sluice.server.spi.Ports;
import dev.sluice.server.tls.Tls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All listening sockets of the server, on one address. [#offer] and [#close] are called by the thread that
/// starts and stops the server; the rest runs on event loops.
///
/// Limits are applied on the accept loop, before a refused connection is even registered, so refusing is
/// cheap.
public final class PortsImpl implements Ports, AutoCloseable {
    /// The setting for [#share].
    public static final String SHARED_PORTS = "sharedPorts";

    private static final Logger LOG = LoggerFactory.getLogger(PortsImpl.class);

    private final Loops loops;
    private final InetAddress listenAddress;
    private final Entrance.Layers layers;
    private final Lobby lobby;
    private final LoopChoice loopChoice;
    private final List<Protocol> offered = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<Integer, Listener> byPort = new HashMap<>();
    private boolean closed;

    /// Ports without TLS, and without proxies in front of them.
    public PortsImpl(Loops loops, InetAddress listenAddress, PortLimits limits, Limits hits) {
        this(loops, listenAddress, limits, ProxySettings.DEFAULTS, Tls.NONE, hits);
    }

    /// @param listenAddress what all ports bind to (`--listen`), but for shared ones with an address of their own
    /// @param hits told whenever somebody hits a limit
    public PortsImpl(
            Loops loops, InetAddress listenAddress, PortLimits limits, ProxySettings proxies, Tls tls, Limits hits) {
        this.loops = loops;
        this.listenAddress = listenAddress;
        this.layers = new Entrance.Layers(tls, proxies, new Turns.OfLoops(), limits.firstBytesTimeoutMs());
        this.lobby = new Lobby(loops, limits, proxies, tls.settings().maxHandshakes(), hits);
        this.loopChoice = new LoopChoice(loops.all());
    }

    /// A socket, and the way from it to who offered it.
    private record Listener(Channel socket, Entrance entrance) {
        InetSocketAddress address() {
            return (InetSocketAddress) socket.localAddress();
        }
    }

    @Override
    public InetSocketAddress offer(Protocol protocol) throws PortTaken {
        if (closed) {
            throw new IllegalStateException("the server is stopping");
        }
        offered.add(protocol);
        var shared = byPort.get(protocol.port());
        if (shared != null) {
            shared.entrance().add(protocol);
            return shared.address();
        }
        var listener = listen(new InetSocketAddress(listenAddress, protocol.port()), protocol.portSetting());
        listener.entrance().add(protocol);
        if (protocol.port() != 0) {
            byPort.put(protocol.port(), listener);
        }
        return listener.address();
    }

    /// Opens one more port, for everybody who offered a port so far.
    ///
    /// @param setting where it was asked for, for the error message
    /// @throws PortTaken as [#offer] does
    public InetSocketAddress share(InetSocketAddress address, String setting) throws PortTaken {
        var listener = listen(address, setting);
        offered.forEach(listener.entrance()::add);
        return listener.address();
    }

    private Listener listen(InetSocketAddress address, String setting) throws PortTaken {
        var entrance = new Entrance(layers, lobby);
        var bound = bootstrap(entrance).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new PortTaken(whyNotBound(address, setting, bound.cause()));
        }
        var listener = new Listener(bound.channel(), entrance);
        listeners.add(listener);
        return listener;
    }

    private ServerBootstrap bootstrap(Entrance entrance) {
        var bootstrap = new ServerBootstrap()
                .group(loops.acceptLoop().eventLoop(), loops.group())
                .channel(loops.transport().serverChannelClass())
                .handler(new AcceptGate(entrance))
                .childHandler(new ChannelInboundHandlerAdapter()); // never used: the gate registers connections
        loops.socketOptions().addTo(bootstrap);
        return bootstrap;
    }

    private static String whyNotBound(InetSocketAddress address, String setting, Throwable cause) {
        var reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        int port = address.getPort();
        if (reason.contains("already in use")) {
            return "port " + port + " is taken (address already in use): stop the other program, or set " + setting
                    + " to another port, 0 takes a free one";
        }
        if (reason.contains("permission denied")) {
            return "port " + port + " may not be opened (permission denied): set " + setting
                    + " to a port above 1023, or give the server the right to open it";
        }
        var host = address.getAddress().getHostAddress();
        if (reason.contains("cannot assign")) {
            return "address " + host + " is not an address of this machine: correct "
                    + (setting.equals(SHARED_PORTS) ? setting : "--listen");
        }
        return "port " + port + " on " + host + " cannot be opened (" + cause.getMessage() + "): see " + setting;
    }

    /// Stands before Netty's acceptor on a listening socket, on the accept loop, and leaves it nothing but the pause
    /// after a failed accept: Netty's would not know which loop carries how much.
    private final class AcceptGate extends ChannelInboundHandlerAdapter {
        private final Entrance entrance;

        AcceptGate(Entrance entrance) {
            this.entrance = entrance;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var child = (Channel) message;
            if (!(child.remoteAddress() instanceof InetSocketAddress remote)) {
                child.unsafe().closeForcibly();
                return;
            }
            lobby.accepts(child, remote.getAddress())
                    .ifPresentOrElse(
                            slot -> register(child, slot, entrance),
                            () -> child.unsafe().closeForcibly());
        }
    }

    /// Accept loop. A connection that is gone already ends like any other, once it is registered.
    private void register(Channel child, ConnectionCounts.Slot slot, Entrance entrance) {
        var loop = loopChoice.take();
        // the only one of ours: Netty finds no cheap place for a second
        child.closeFuture()
                .addListener(gone -> lobby.onAcceptLoop(() -> {
                    loopChoice.closed(loop);
                    lobby.closed(child, slot);
                }));
        try {
            loops.socketOptions().setOn(child);
        } catch (ChannelException e) {
            LOG.debug("port.options remote={}", child.remoteAddress(), e);
        }
        child.pipeline().addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                onRegistered(channel, entrance);
            }
        });
        loop.eventLoop().register(child);
    }

    private void onRegistered(Channel channel, Entrance entrance) {
        channel.config().setRecvByteBufAllocator(new ReadSize());
        lobby.registered(channel);
        boolean fromProxy = lobby.isProxy(Lobby.remote(channel).getAddress());
        entrance.enter(channel, fromProxy);
    }

    @Override
    public void admitted(Channel channel) {
        ReadSize.admit(channel);
        lobby.admitted(channel);
    }

    @Override
    public long ageMs(Channel channel) {
        return lobby.ageMs(channel);
    }

    @Override
    public InetSocketAddress remote(Channel channel) {
        return Lobby.remote(channel);
    }

    @Override
    public InetSocketAddress local(Channel channel) {
        return Lobby.local(channel);
    }

    /// Stops accepting, and closes connections that nobody took over yet. The others belong to their
    /// protocols.
    @Override
    public void close() {
        closed = true;
        for (var listener : listeners) {
            listener.socket().close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        lobby.close();
    }
}
