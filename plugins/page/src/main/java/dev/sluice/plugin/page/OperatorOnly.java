package dev.sluice.plugin.page;

import dev.sluice.server.spi.Http;
import dev.sluice.server.spi.ServerContext;

/// Lets programs on the server's own machine in; anybody, where the server listens on loopback only.
///
/// @param then answers them
record OperatorOnly(ServerContext server, Http.Handler then) implements Http.Handler {
    @Override
    public void handle(Http.Exchange exchange) {
        if (server.loopbackOnly() || exchange.remote().getAddress().isLoopbackAddress()) {
            then.handle(exchange);
        } else {
            exchange.fail(403, "only programs on the server's own machine may see this");
        }
    }
}
