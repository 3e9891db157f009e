package dev.sluice.server.ports;

import dev.sluice.server.ports.ProxySettings.Elsewhere;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.Ports.Protocol;
import dev.sluice.server.tls.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way from an accepted connection of one port to the protocol that takes it:
///
/// 1. from a known proxy, the header with the client's address;
/// 2. first bytes: a protocol of the port, or TLS;
/// 3. inside TLS, first bytes again: a protocol of the port.
///
/// Each step looks at bytes through [FirstBytes] and is a [Protocol] to it. On the loops of the connections; one for
/// each port.
final class Entrance {
    private static final Logger log = LoggerFactory.getLogger(Entrance.class);

    private final Layers layers;
    private final House house;
    private final List<Protocol> protocols = new CopyOnWriteArrayList<>();
    /// The protocols, then what may stand around them. The first one gets what nobody recognises.
    private final List<Protocol> outside = new CopyOnWriteArrayList<>();

    /// What all ports have in common.
    record Layers(Tls tls, ProxySettings proxies, Turns.OfLoops turns, int firstBytesTimeoutMs) {}

    /// Who counts. Called on the connection's loop.
    interface House {
        void hit(LimitKind kind, Channel channel);

        /// A protocol takes the connection.
        void recognised(Channel channel);

        void handshakeStarted(Channel channel);

        /// It succeeded, and the client's time begins anew.
        void handshakeEnded(Channel channel);

        /// The client is somebody else than the socket says.
        ///
        /// @param answer runs on the connection's loop: whether that one is welcome; otherwise it is closed
        void identified(Channel channel, ProxyHeader.Passed header, Consumer<Boolean> answer);
    }

    Entrance(Layers layers, House house) {
        this.layers = layers;
        this.house = house;
        outside.add(new FromElsewhere());
        if (layers.tls().settings().enabled()) {
            outside.add(new TlsStep(layers.tls(), layers.turns(), house, this::lookInside));
        }
    }

    /// One more protocol of this port. On the thread that starts the server.
    void add(Protocol protocol) {
        outside.add(protocols.size(), protocol);
        protocols.add(protocol);
    }

    /// A connection enters, on its loop.
    ///
    /// @param fromProxy whether it comes from a network of proxies
    void enter(Channel channel, boolean fromProxy) {
        look(channel, fromProxy ? List.of(new FromProxy()) : outside);
    }

    private void lookInside(Channel channel) {
        look(channel, protocols);
    }

    private void look(Channel channel, List<Protocol> candidates) {
        channel.pipeline()
                .addLast(new FirstBytes(
                        candidates,
                        layers.firstBytesTimeoutMs(),
                        late -> house.hit(LimitKind.FIRST_BYTES_TIMEOUT, channel),
                        this::onChosen));
    }

    private void onChosen(ChannelHandlerContext ctx, Protocol chosen) {
        if (!(chosen instanceof Step)) {
            house.recognised(ctx.channel());
        }
    }

    /// Something around a protocol: who is behind it is not known yet.
    interface Step extends Protocol {
        @Override
        default int port() {
            return 0;
        }

        @Override
        default String portSetting() {
            return name();
        }
    }

    private void lookBehind(Channel channel, ByteBuf first, int headerBytes) {
        first.skipBytes(headerBytes);
        if (!channel.isActive()) {
            first.release();
            return;
        }
        look(channel, withoutHeaders());
        var pipeline = channel.pipeline();
        if (first.isReadable()) {
            pipeline.fireChannelRead(first);
            pipeline.fireChannelReadComplete();
        } else {
            first.release();
        }
        channel.config().setAutoRead(true);
    }

    private List<Protocol> withoutHeaders() {
        return outside.stream().filter(step -> !(step instanceof FromElsewhere)).toList();
    }

    private void refuse(Channel channel, ByteBuf first, String why) {
        first.release();
        house.hit(LimitKind.PROXY_HEADER, channel);
        log.debug("port.proxy remote={} refused: {}", channel.remoteAddress(), why);
        channel.close();
    }

    /// A connection of a known proxy has to begin with a header.
    private final class FromProxy implements Step {
        @Override
        public String name() {
            return "proxy";
        }

        @Override
        public Match match(ByteBuf first) {
            return ProxyHeader.read(first) instanceof ProxyHeader.Incomplete ? Match.NEEDS_MORE : Match.YES;
        }

        @Override
        public void accept(Channel channel, ByteBuf first) {
            switch (ProxyHeader.read(first)) {
                case ProxyHeader.Own(int bytes) -> lookBehind(channel, first, bytes);
                case ProxyHeader.Passed passed -> {
                    channel.config().setAutoRead(false);
                    house.identified(channel, passed, welcome -> {
                        if (welcome) {
                            lookBehind(channel, first, passed.bytes());
                        } else {
                            first.release();
                        }
                    });
                }
                case ProxyHeader.Broken(String why) -> refuse(channel, first, why);
                case ProxyHeader.Absent(), ProxyHeader.Incomplete() -> refuse(channel, first, "no header");
            }
        }
    }

    /// Anybody else who writes a header.
    private final class FromElsewhere implements Step {
        @Override
        public String name() {
            return "proxy-elsewhere";
        }

        @Override
        public Match match(ByteBuf first) {
            return switch (ProxyHeader.read(first)) {
                case ProxyHeader.Absent absent -> Match.NO;
                case ProxyHeader.Incomplete incomplete -> Match.NEEDS_MORE;
                case ProxyHeader.Broken broken -> Match.YES;
                case ProxyHeader.Own own -> Match.YES;
                case ProxyHeader.Passed passed -> Match.YES;
            };
        }

        @Override
        public void accept(Channel channel, ByteBuf first) {
            boolean ignored = layers.proxies().elsewhere() == Elsewhere.IGNORE;
            switch (ProxyHeader.read(first)) {
                case ProxyHeader.Own(int bytes) when ignored -> lookBehind(channel, first, bytes);
                case ProxyHeader.Passed passed when ignored -> lookBehind(channel, first, passed.bytes());
                case ProxyHeader.Broken(String why) -> refuse(channel, first, why);
                case ProxyHeader.Own own -> refuse(channel, first, "a header from elsewhere");
                case ProxyHeader.Passed passed -> refuse(channel, first, "a header from elsewhere");
                case ProxyHeader.Absent(), ProxyHeader.Incomplete() -> refuse(channel, first, "no header");
            }
        }
    }
}
