package dev.sluice.plugin.page;

import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.ServerContext;
import java.util.List;

/// Answers how often each limit was hit. That is for the operator.
final class LimitCounts {
    static final String PATH = "/-/limits.json";

    private final ServerContext server;

    LimitCounts(ServerContext server) {
        this.server = server;
    }

    /// What `/-/limits.json` says. No address of a client is in it.
    record Answer(List<Hits> limits) {}

    /// @param kind as in the log and in `docs/reference/limits.md`
    /// @param hits since the server started
    record Hits(String kind, long hits) {}

    void serve(Exchange exchange) {
        JsonAnswer.send(exchange, JsonAnswer.bytes(answer()));
    }

    private Answer answer() {
        return new Answer(server.limits().counts().entrySet().stream()
                .map(kind -> new Hits(kind.getKey(), kind.getValue()))
                .toList());
    }
}
