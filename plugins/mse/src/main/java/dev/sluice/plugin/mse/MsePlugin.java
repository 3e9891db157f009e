package dev.sluice.plugin.mse;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import dev.sluice.server.spi.HttpPlayback;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.ServerContext;

/// Serves the WebSocket `/{app}/{name}.mp4`.
///
/// A text message `{"type":"init","mime":…}` says that the next binary message is an initialisation segment;
/// every other binary message is one frame as `moof` and `mdat`, with times of the stream. `{"type":"waiting"}`
/// says that the publisher was lost and may come back: the next frame is later by as long as he was away. A
/// stream without a track that MP4 can carry gets `{"type":"unsupported","codecs":[…]}` instead. The close
/// frame says why it ended, such as `publisher_left`.
public final class MsePlugin implements Plugin<MsePlugin.Settings> {
    /// Settings of the WebSocket.
    ///
    /// @param enabled whether it is served at all
    /// @param maxViewers how many may watch at once this way
    public record Settings(
            @Doc("Serve the WebSocket /{app}/{stream}.mp4 (fMP4 for the page's low-delay player).")
            boolean enabled,

            @Doc("How many may watch at once.") @Range(min = 0, max = 1_000_000)
            int maxViewers) {}

    @Override
    public String name() {
        return "mse";
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
                "video/mp4",
                app -> settings.of(app).maxViewers(),
                exchange -> new MseFormat(),
                MseFraming::new);
        server.http().webSocket("/{app}/{name}.mp4", exchange -> {
            if (settings.of(exchange.param("app")).enabled()) {
                playback.handle(exchange);
            } else {
                exchange.fail(404, "low-delay playback is switched off here (mse.enabled)");
            }
        });
        return () -> {};
    }
}
