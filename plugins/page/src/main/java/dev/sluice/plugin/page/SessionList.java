package dev.sluice.plugin.page;

import dev.sluice.hub.Viewing;
import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.ServerContext;
import dev.sluice.server.spi.Sessions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Answers what is connected, and how far each viewer is behind. That is for the operator, and yet no address of a
/// client is in it: a proxy on the same machine would show it to everybody, and the log has it, by the same id.
final class SessionList {
    static final String PATH = "/-/sessions.json";

    private static final long NS_PER_MS = 1_000_000L;

    private final ServerContext server;

    SessionList(ServerContext server) {
        this.server = server;
    }

    /// What `/-/sessions.json` says.
    ///
    /// @param sessions oldest first
    record Answer(List<Row> sessions) {}

    /// @param id as in the log
    /// @param role `connected`, `publishing` or `playing`
    /// @param stream `-` while there is none
    /// @param openedAtMs wall clock, milliseconds since 1970
    /// @param viewing null for whoever is not shown a stream over a connection of its own
    record Row(
            String id,
            String protocol,
            String role,
            String stream,
            long openedAtMs,
            @Nullable Progress viewing) {}

    /// @param bytesSent given to the connection so far
    /// @param lagBytes what waits to be given to it
    /// @param lagMs for how long the oldest of that has been waiting; up to `fanout.window` it waits for more
    /// @param jumps how often it fell so far behind that it lost whole GOPs
    record Progress(long bytesSent, long lagBytes, long lagMs, long jumps) {}

    /// There may be tens of thousands, and the loop has others to serve.
    void serve(Exchange exchange) {
        server.blocking().execute(() -> {
            var bytes = JsonAnswer.bytes(new Answer(
                    server.sessions().list().stream().map(SessionList::row).toList()));
            exchange.loop().run(() -> JsonAnswer.send(exchange, bytes));
        });
    }

    private static Row row(Sessions.Info session) {
        return new Row(
                session.id(),
                session.protocol(),
                session.role().name().toLowerCase(Locale.ROOT),
                session.stream(),
                session.openedAtMs(),
                progress(session.viewing()));
    }

    @SuppressWarnings("ReferenceEquality") // there is one that is nobody's
    private static @Nullable Progress progress(Viewing viewing) {
        if (viewing == Viewing.NONE) {
            return null;
        }
        var lag = viewing.lag();
        return new Progress(viewing.bytesSent(), lag.bytes(), lag.ns() / NS_PER_MS, viewing.jumps());
    }
}
