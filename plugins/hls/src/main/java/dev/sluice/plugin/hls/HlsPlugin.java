package dev.sluice.plugin.hls;

import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.ServerContext;

/// Serves `/{app}/{name}/index.m3u8`, the media playlists beside it, and the segments they name.
public final class HlsPlugin implements Plugin<HlsSettings> {
    @Override
    public String name() {
        return "hls";
    }

    @Override
    public HlsSettings defaults() {
        return HlsSettings.DEFAULTS;
    }

    @Override
    public AutoCloseable start(ServerContext server, PerApp<HlsSettings> settings) {
        var viewers = new HlsViewers(server.sessions(), server.segments(), server.nextLoop());
        var playlists = new PlaylistRoutes(server, settings, viewers);
        playlists.register();
        new SegmentRoutes(server, settings, viewers).register();
        viewers.start(playlists::forgetEnded);
        return viewers::close;
    }
}
