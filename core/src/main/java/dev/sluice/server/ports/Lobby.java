package dev.sluice.server.ports;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.ports.ConnectionCounts.Slot;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Limits;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Who is in the house, and who they are. It counts connections on the accept loop, from before they are registered
/// until they are closed; what happens on a connection's own loop is posted there.
final class Lobby implements Entrance.House {
    /// Until it is admitted; attributes cost, and a viewer has none unless a proxy brought him.
    private static final AttributeKey<Long> SINCE_NS = AttributeKey.valueOf(Lobby.class, "sinceNs");
    private static final AttributeKey<ProxyHeader.Passed> CLIENT = AttributeKey.valueOf(Lobby.class, "client");

    private final Loops loops;
    private final List<Network> proxies;
    private final ConnectionCounts counts;
    private final Strangers strangers;
    private final Limits hits;
    private final Set<Channel> unrecognised = ConcurrentHashMap.newKeySet();

    Lobby(Loops loops, PortLimits limits, ProxySettings proxies, int maxHandshakes, Limits hits) {
        this.loops = loops;
        this.proxies = proxies.networks();
        this.counts = new ConnectionCounts(limits, this.proxies);
        this.strangers = new Strangers(maxHandshakes);
        this.hits = hits;
    }

    /// Whether a new connection may stay. Accept loop.
    ///
    /// @return where it is counted from now on: [#registered] and [#closed] have to follow. Empty if it goes
    Optional<Slot> accepts(Channel child, InetAddress from) {
        var refused = counts.refusal(from, System.nanoTime());
        if (refused.isPresent() && refused.get() == LimitKind.UNAUTHENTICATED_TOTAL) {
            refused = strangers
                    .removeOldest()
                    .map(oldest -> {
                        hit(LimitKind.UNAUTHENTICATED_TOTAL, oldest.getKey());
                        counts.closed(oldest.getValue());
                        oldest.getKey().close();
                        return counts.refusal(from, System.nanoTime());
                    })
                    .orElse(refused);
        }
        if (refused.isPresent()) {
            hits.hit(refused.get(), from);
            return Optional.empty();
        }
        var slot = counts.opened(from);
        strangers.opened(child, slot);
        return Optional.of(slot);
    }

    boolean isProxy(InetAddress from) {
        return proxies.stream().anyMatch(network -> network.contains(from));
    }

    /// On the connection's loop, like what follows.
    void registered(Channel channel) {
        channel.attr(SINCE_NS).set(System.nanoTime());
        unrecognised.add(channel);
    }

    /// Accept loop.
    void closed(Channel channel, Slot slot) {
        counts.closed(slot);
        strangers.gone(channel);
        unrecognised.remove(channel);
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
            var refused = strangers.slotOf(channel).flatMap(slot -> counts.moved(slot, from, System.nanoTime()));
            refused.ifPresent(kind -> hits.hit(kind, from));
            if (refused.isPresent()) {
                channel.close();
            }
            channel.eventLoop().execute(() -> answer.accept(refused.isEmpty()));
        });
    }

    /// Whose time to introduce itself is over has no use for its beginning any more. Any thread.
    @SuppressWarnings("deprecation") // an attribute that is only emptied stays as long as its channel
    void admitted(Channel channel) {
        if (channel.hasAttr(SINCE_NS)) {
            channel.attr(SINCE_NS).remove();
            onAcceptLoop(() -> {
                strangers.slotOf(channel).ifPresent(counts::admitted);
                strangers.gone(channel);
            });
        }
    }

    /// See [dev.sluice.server.spi.Ports#ageMs].
    long ageMs(Channel channel) {
        var sinceNs = channel.hasAttr(SINCE_NS) ? channel.attr(SINCE_NS).get() : null; // asking makes a place for it
        return sinceNs == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }

    /// See [dev.sluice.server.spi.Ports#remote].
    static InetSocketAddress remote(Channel channel) {
        var client = channel.hasAttr(CLIENT) ? channel.attr(CLIENT).get() : null;
        return client == null ? (InetSocketAddress) channel.remoteAddress() : client.source();
    }

    /// See [dev.sluice.server.spi.Ports#local].
    static InetSocketAddress local(Channel channel) {
        var client = channel.hasAttr(CLIENT) ? channel.attr(CLIENT).get() : null;
        return client == null ? (InetSocketAddress) channel.localAddress() : client.destination();
    }

    /// Closes connections that nobody took over yet. Any thread.
    void close() {
        unrecognised.forEach(Channel::close);
    }

    /// Counting ends with the accept loop; connections that close after it have nobody to tell.
    void onAcceptLoop(Runnable task) {
        var loop = loops.acceptLoop();
        if (!loop.eventLoop().isShuttingDown()) {
            loop.execute(task);
        }
    }
}
