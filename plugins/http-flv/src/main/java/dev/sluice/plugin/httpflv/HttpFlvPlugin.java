package dev.sluice.plugin.httpflv;

import dev.sluice.media.flv.FlvDialect;
import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import dev.sluice.server.spi.Http;
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

    private static final FlvDialect ALL_TRACKS =
            new FlvDialect(FlvDialect.SINGLE_TRACKS.enhanced(), true, false, false);

    @Override
    public String name() {
        return "http-flv";
    }

    @Override
    public Settings defaults() {
        return new Settings(true, 10_000);
    }

    /// Nothing is negotiated over HTTP: everybody gets every codec of the default tracks, and every track who asks for
    /// it with `?tracks=all`.
    private static FlvDialect dialectFor(Http.Exchange exchange) {
        return "all".equals(exchange.query().get("tracks")) ? ALL_TRACKS : FlvDialect.SINGLE_TRACKS;
    }

    @Override
    public AutoCloseable start(ServerContext server, PerApp<Settings> settings) {
        var playback = new HttpPlayback<>(
                server,
                name(),
                "video/x-flv",
                app -> settings.of(app).maxViewers(),
                exchange -> new FlvFormat(dialectFor(exchange)),
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
