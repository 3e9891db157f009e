package dev.sluice.plugin.page;

import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.ServerContext;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Answers how often each limit was hit. That is for the operator: a server that listens beyond loopback
/// answers programs on its own machine only.
final class LimitCounts {
    static final String PATH = "/-/limits.json";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> HEADERS =
            Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

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
        if (!server.loopbackOnly() && !exchange.remote().getAddress().isLoopbackAddress()) {
            exchange.fail(403, "only programs on the server's own machine may see this");
            return;
        }
        exchange.respond(200, "application/json", HEADERS, JSON.writeValueAsBytes(answer()));
    }

    private Answer answer() {
        return new Answer(server.limits().counts().entrySet().stream()
                .map(kind -> new Hits(kind.getKey(), kind.getValue()))
                .toList());
    }
}
