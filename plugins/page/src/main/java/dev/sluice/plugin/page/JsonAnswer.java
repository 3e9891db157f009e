package dev.sluice.plugin.page;

import dev.sluice.server.spi.Http.Exchange;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// How records become answers.
final class JsonAnswer {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> HEADERS =
            Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    private JsonAnswer() {}

    static byte[] bytes(Object answer) {
        return JSON.writeValueAsBytes(answer);
    }

    /// On the loop of the exchange.
    static void send(Exchange exchange, byte[] bytes) {
        exchange.respond(200, "application/json", HEADERS, bytes);
    }
}
