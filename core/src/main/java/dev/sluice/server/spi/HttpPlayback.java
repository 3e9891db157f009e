package dev.sluice.server.spi;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Framing;
import dev.sluice.hub.LiveStream;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.Viewing;
import dev.sluice.hub.WireFormat;
import dev.sluice.hub.WireRecord;
import dev.sluice.hub.WireRun;
import dev.sluice.server.spi.Admission.AccessRequest;
import dev.sluice.server.spi.Admission.Action;
import dev.sluice.server.spi.Admission.Granted;
import dev.sluice.server.spi.Admission.Refused;
import dev.sluice.server.spi.Http.Exchange;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows a live stream over one HTTP connection that never ends: what every such protocol does the same way. Asks
/// admission, finds the stream, takes the connection over, enters the session table, and leaves it again.
///
/// @param <P> the prologue of the wire format
public final class HttpPlayback<P> {
    private static final Logger log = LoggerFactory.getLogger(HttpPlayback.class);

    private final ServerContext server;
    private final String protocol;
    private final String contentType;
    private final Function<String, Integer> maxViewersOfApp;
    private final Function<Exchange, WireFormat<P>> formats;
    private final Supplier<Framing<P>> framings;
    private final AtomicInteger viewers = new AtomicInteger();

    /// @param protocol for the session table, such as `http-flv`
    /// @param contentType of the answer
    /// @param maxViewersOfApp how many may watch at once through this object, by application of the newcomer
    /// @param formats what a viewer gets, by what he asked for; called on any thread
    /// @param framings makes the private part of one viewer
    public HttpPlayback(
            ServerContext server,
            String protocol,
            String contentType,
            Function<String, Integer> maxViewersOfApp,
            Function<Exchange, WireFormat<P>> formats,
            Supplier<Framing<P>> framings) {
        this.server = server;
        this.protocol = protocol;
        this.contentType = contentType;
        this.maxViewersOfApp = maxViewersOfApp;
        this.formats = formats;
        this.framings = framings;
    }

    /// A handler for [Http]. The path pattern has the parameters `app` and `name`.
    public void handle(Exchange exchange) {
        var request = new AccessRequest(
                Action.PLAY,
                protocol,
                exchange.param("app"),
                exchange.param("name"),
                exchange.query(),
                exchange.remote());
        server.admission()
                .decide(request)
                .thenAcceptAsync(
                        verdict -> {
                            switch (verdict) {
                                case Granted(var name) -> play(exchange, name);
                                case Refused(int status, var why) -> exchange.fail(status, why);
                            }
                        },
                        exchange.loop())
                .exceptionally(failure -> {
                    exchange.loop().run(() -> exchange.fail(500, "the server could not decide who you are"));
                    return null;
                });
    }

    private void play(Exchange exchange, StreamName name) {
        var stream = server.hub().find(name);
        if (stream.isEmpty()) {
            exchange.fail(404, name + " is not live");
        } else if (viewers.get() >= maxViewersOfApp.apply(name.app())) {
            server.limits().hit(LimitKind.VIEWERS, exchange.remote().getAddress());
            exchange.fail(503, "too many viewers: the limit of " + protocol + " is reached");
        } else {
            show(stream.get(), exchange);
        }
    }

    private void show(LiveStream stream, Exchange exchange) {
        var viewer = new Viewer(framings.get(), exchange.remote().getAddress());
        var outlet = exchange.takeOver(contentType);
        viewers.incrementAndGet();
        try {
            viewer.start(stream, exchange, outlet);
        } catch (RuntimeException failure) {
            // No answer is possible any more: what was opened is given back.
            log.error("viewer.failed protocol={} stream={}", protocol, stream.name(), failure);
            viewer.end(EndReason.SUBSCRIBER_FAILED, outlet);
        }
    }

    /// The viewer's own framing, with his place in the session table. On the loop of his outlet.
    private final class Viewer implements Framing<P> {
        private final Framing<P> inner;
        private final InetAddress from;
        private Viewing viewing = Viewing.NONE;
        private Sessions.Session session = Sessions.Session.NONE;
        private boolean ended;

        Viewer(Framing<P> inner, InetAddress from) {
            this.inner = inner;
            this.from = from;
        }

        void start(LiveStream stream, Exchange exchange, Outlet outlet) {
            // Posted also from the loop itself: a kick that comes before there is a viewing finds it afterwards.
            session = server.sessions()
                    .open(protocol, exchange.remote(), why -> outlet.loop().execute(() -> viewing.end(why)));
            exchange.header("user-agent").ifPresent(session::client);
            session.role(Sessions.Role.PLAYING, stream.name());
            viewing = stream.play(formats.apply(exchange), outlet, this);
            session.watches(viewing);
        }

        @Override
        public void join(P prologue, WireRecord<P> first, Outlet outlet) {
            inner.join(prologue, first, outlet);
        }

        @Override
        public int run(WireRun<P> run, Outlet outlet) {
            return inner.run(run, outlet);
        }

        @Override
        public void jumped() {
            server.limits().hit(LimitKind.VIEWER_LAG, from);
            inner.jumped();
        }

        @Override
        public void end(EndReason why, Outlet outlet) {
            if (ended) {
                return;
            }
            ended = true;
            if (why == EndReason.STALLED) {
                server.limits().hit(LimitKind.VIEWER_STALL, from);
            }
            viewers.decrementAndGet();
            session.end(why, "%d bytes, %d jumps".formatted(viewing.bytesSent(), viewing.jumps()));
            inner.end(why, outlet);
        }
    }
}
