package dev.sluice.server.ports;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.ports.ConnectionCounts.Slot;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Limits;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Who is in the house, and who they are. It counts connections on the accept loop, from before they are registered
/// until they are closed; what happens on a connection's own loop is posted there.
final class Lobby implements Entrance.House {
    private static final AttributeKey<Slot> SLOT = AttributeKey.valueOf(Lobby.class, "slot");
    private static final AttributeKey<Long> SINCE_NS = AttributeKey.valueOf(Lobby.class, "sinceNs");
    private static final AttributeKey<ProxyHeader.Passed> CLIENT = AttributeKey.valueOf(Lobby.class, "client");

    private final Loops loops;
    private final List<Network> proxies;
    private final ConnectionCounts counts;
    private final Strangers strangers;
    private final Limits hits;
    private final ChannelGroup unrecognised = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    Lobby(Loops loops, PortLimits limits, ProxySettings proxies, int maxHandshakes, Limits hits) {
        this.loops = loops;
        this.proxies = proxies.networks();
        this.counts = new ConnectionCounts(limits, this.proxies);
        this.strangers = new Strangers(maxHandshakes);
        this.hits = hits;
    }

    /// Whether a new connection may stay; it is counted then, and [#registered] has to follow. Accept loop.
    boolean accepts(Channel child, InetAddress from) {
        var refused = counts.refusal(from, System.nanoTime());
        if (refused.isPresent() && refused.get() == LimitKind.UNAUTHENTICATED_TOTAL) {
            refused = strangers
                    .removeOldest()
                    .map(oldest -> {
                        hit(LimitKind.UNAUTHENTICATED_TOTAL, oldest);
                        counts.closed(oldest.attr(SLOT).get());
                        oldest.close();
                        return counts.refusal(from, System.nanoTime());
                    })
                    .orElse(refused);
        }
        if (refused.isPresent()) {
            hits.hit(refused.get(), from);
            return false;
        }
        child.attr(SLOT).set(counts.opened(from));
        strangers.opened(child);
        return true;
    }

    boolean isProxy(InetAddress from) {
        return proxies.stream().anyMatch(network -> network.contains(from));
    }

    /// On the connection's loop, like what follows.
    void registered(Channel channel) {
        channel.attr(SINCE_NS).set(System.nanoTime());
        unrecognised.add(channel);
        channel.closeFuture()
                .addListener(gone -> onAcceptLoop(() -> {
                    counts.closed(channel.attr(SLOT).get());
                    strangers.gone(channel);
                }));
    }

    @Override
    public void hit(LimitKind kind, Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress) {
            hits.hit(kind, remote(channel).getAddress());
        }
    }

    @Override
    public void recognised(Channel channel) {
        unrecognised.remove(channel);
        onAcceptLoop(() -> strangers.recognised(channel));
    }

    @Override
    public void handshakeStarted(Channel channel) {
        onAcceptLoop(() -> strangers.handshakeStarted(channel).ifPresent(oldest -> {
            hit(LimitKind.TLS_HANDSHAKES, oldest);
            oldest.close();
        }));
    }

    @Override
    public void handshakeEnded(Channel channel) {
        channel.attr(SINCE_NS).set(System.nanoTime());
        onAcceptLoop(() -> strangers.handshakeEnded(channel));
    }

    @Override
    public void identified(Channel channel, ProxyHeader.Passed header, Consumer<Boolean> answer) {
        channel.attr(CLIENT).set(header);
        var from = header.source().getAddress();
        onAcceptLoop(() -> {
            var refused = moved(channel, from);
            refused.ifPresent(kind -> hits.hit(kind, from));
            if (refused.isPresent()) {
                channel.close();
            }
            channel.eventLoop().execute(() -> answer.accept(refused.isEmpty()));
        });
    }

    /// The connection counts for `from` from now on.
    private Optional<LimitKind> moved(Channel channel, InetAddress from) {
        var slot = channel.attr(SLOT).get();
        if (slot.isClosed()) {
            return Optional.empty();
        }
        counts.closed(slot);
        var refused = counts.refusal(from, System.nanoTime());
        if (refused.isEmpty()) {
            channel.attr(SLOT).set(counts.opened(from));
        }
        return refused;
    }

    /// Any thread.
    void admitted(Channel channel) {
        if (channel.attr(SLOT).get() != null) {
            onAcceptLoop(() -> {
                counts.admitted(channel.attr(SLOT).get());
                strangers.gone(channel);
            });
        }
    }

    /// See [dev.sluice.server.spi.Ports#ageMs].
    long ageMs(Channel channel) {
        var sinceNs = channel.attr(SINCE_NS).get();
        return sinceNs == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }

    /// See [dev.sluice.server.spi.Ports#remote].
    static InetSocketAddress remote(Channel channel) {
        var client = channel.hasAttr(CLIENT) ? channel.attr(CLIENT).get() : null; // asking makes a place for it
        return client == null ? (InetSocketAddress) channel.remoteAddress() : client.source();
    }

    /// See [dev.sluice.server.spi.Ports#local].
    static InetSocketAddress local(Channel channel) {
        var client = channel.hasAttr(CLIENT) ? channel.attr(CLIENT).get() : null;
        return client == null ? (InetSocketAddress) channel.localAddress() : client.destination();
    }

    /// Closes connections that nobody took over yet. Any thread.
    void close() {
        unrecognised.close();
    }

    /// Counting ends with the accept loop; connections that close after it have nobody to tell.
    void onAcceptLoop(Runnable task) {
        var loop = loops.acceptLoop();
        if (!loop.eventLoop().isShuttingDown()) {
            loop.execute(task);
        }
    }
}
