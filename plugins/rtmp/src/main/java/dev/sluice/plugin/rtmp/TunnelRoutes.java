package dev.sluice.plugin.rtmp;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.netty.TunnelChannel;
import dev.sluice.server.spi.Http;
import dev.sluice.server.spi.ServerContext;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// RTMPT: `/open/1` begins a tunnel, `/send/id/n` and `/idle/id/n` carry its bytes, `/close/id` ends it. The
/// id is all that a client proves, so it cannot be guessed; who comes with a wrong one learns nothing.
/// Requests of a tunnel may come from another address than its first: a NAT may have many. Any loop.
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
final class TunnelRoutes {
    private static final String TYPE = "application/x-fcs";
    private static final Map<String, String> NEVER_KEEP = Map.of("Cache-Control", "no-store");
    private static final int ID_BYTES = 16;
    private static final int NOTHING_TO_SAY_BYTES = 64;

    private final ServerContext server;
    private final TunnelSettings settings;
    private final BiConsumer<Channel, Consumer<Channel>> onOpened;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Tunnel> tunnels = new ConcurrentHashMap<>();
    private final TunnelCounts counts;

    /// @param onOpened puts RTMP on the channel of a tunnel, on its loop; what it is given beside is to be told
    ///     when somebody may publish or play in it
    TunnelRoutes(ServerContext server, TunnelSettings settings, BiConsumer<Channel, Consumer<Channel>> onOpened) {
        this.server = server;
        this.settings = settings;
        this.counts = new TunnelCounts(settings.maxTunnels(), settings.maxPerAddress());
        this.onOpened = onOpened;
    }

    void offer() {
        var http = server.http();
        // Some clients ask whether another host would be better; 404 is the answer that they expect.
        http.post("/fcs/{ident}", NOTHING_TO_SAY_BYTES, exchange -> exchange.fail(404, "use this host"));
        http.post("/open/{one}", NOTHING_TO_SAY_BYTES, this::open);
        http.post("/send/{id}/{n}", settings.bodyMaxBytes(), exchange -> carry(exchange, exchange.body()));
        http.post("/idle/{id}/{n}", NOTHING_TO_SAY_BYTES, exchange -> carry(exchange, new byte[0]));
        http.post("/close/{id}", NOTHING_TO_SAY_BYTES, this::close);
        http.post("/close/{id}/{n}", NOTHING_TO_SAY_BYTES, this::close);
    }

    private void open(Http.Exchange exchange) {
        var address = exchange.remote().getAddress();
        var loop = exchange.loop();
        var channel = new TunnelChannel(exchange.local(), exchange.remote());
        server.eventLoopOf(loop).register(channel); // before others may close it
        if (!counts.enter(channel, this::onTooMany)) {
            server.limits().hit("rtmp-" + Limit.TUNNELS.label(), address);
            channel.close();
            exchange.fail(503, "there are too many tunnels already");
            return;
        }
        var id = newId();
        var tunnel = new Tunnel(
                loop,
                channel,
                settings,
                () -> server.limits().hit("rtmp-" + Limit.TUNNEL_IDLE_TIME.label(), address),
                () -> server.limits().hit("rtmp-" + Limit.UNREAD_BYTES.label(), address));
        tunnels.put(id, tunnel);
        channel.closeFuture().addListener(closed -> {
            tunnels.remove(id);
            counts.leave(channel);
        });
        onOpened.accept(channel, admitted -> counts.admitted(channel));
        tunnel.start();
        exchange.respond(200, TYPE, NEVER_KEEP, (id + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void onTooMany(TunnelChannel oldest) {
        server.limits()
                .hit("rtmp-" + Limit.TUNNELS.label(), oldest.remoteAddress().getAddress());
        oldest.close();
    }

    private String newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private void carry(Http.Exchange exchange, byte[] body) {
        find(exchange).ifPresent(tunnel -> {
            var number = exchange.param("n");
            tunnel.loop().run(() -> answer(exchange, tunnel, number, body));
        });
    }

    private static void answer(Http.Exchange exchange, Tunnel tunnel, String number, byte[] body) {
        if (!tunnel.channel().isActive()) {
            exchange.loop().run(() -> gone(exchange));
            return;
        }
        Optional<byte[]> answer = tunnel.request(number, body);
        exchange.loop()
                .run(() -> answer.ifPresentOrElse(
                        bytes -> exchange.respond(200, TYPE, NEVER_KEEP, bytes),
                        () -> exchange.fail(409, "requests of a tunnel are numbered one by one")));
    }

    private void close(Http.Exchange exchange) {
        find(exchange)
                .ifPresent(tunnel -> tunnel.loop().run(() -> {
                    tunnel.close();
                    exchange.loop().run(() -> exchange.respond(200, TYPE, NEVER_KEEP, Tunnel.CLOSED));
                }));
    }

    private Optional<Tunnel> find(Http.Exchange exchange) {
        var found = Optional.ofNullable(tunnels.get(exchange.param("id")));
        if (found.isEmpty()) {
            gone(exchange);
        }
        return found;
    }

    private static void gone(Http.Exchange exchange) {
        exchange.fail(404, "there is no such tunnel");
    }
}
