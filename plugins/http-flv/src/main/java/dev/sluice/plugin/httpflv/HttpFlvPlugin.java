package dev.sluice.plugin.httpflv;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import dev.sluice.server.spi.HttpPlayback;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.ServerContext;

/// Serves `/{app}/{name}.flv`.
public final class HttpFlvPlugin implements Plugin<HttpFlvPlugin.Settings> {
    /// Settings of HTTP-FLV.
    ///
    /// @param enabled whether it is served at all
    /// @param maxViewers how many may watch at once over HTTP-FLV
    public record Settings(
            @Doc("Serve /{app}/{stream}.flv.") boolean enabled,

            @Doc("How many may watch at once.") @Range(min = 0, max = 1_000_000)
            int maxViewers) {}

    @Override
    public String name() {
        return "http-flv";
    }

    @Override
    public Settings defaults() {
        return new Settings(true, 10_000);
    }

    @Override
    public AutoCloseable start(ServerContext server, PerApp<Settings> settings) {
        var playback = new HttpPlayback<>(
                server,
                name(),
                "video/x-flv",
                app -> settings.of(app).maxViewers(),
                exchange -> new FlvFormat(),
                FlvFraming::new);
        server.http().get("/{app}/{name}.flv", exchange -> {
            if (settings.of(exchange.param("app")).enabled()) {
                playback.handle(exchange);
            } else {
                exchange.fail(404, "HTTP-FLV is switched off here (http-flv.enabled)");
            }
        });
        return () -> {};
    }
}
