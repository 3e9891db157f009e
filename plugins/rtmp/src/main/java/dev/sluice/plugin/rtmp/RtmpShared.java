package dev.sluice.plugin.rtmp;

import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.ServerContext;

/// What all connections have in common. Any thread.
record RtmpShared(
        ServerContext server,
        PerApp<RtmpSettings> settings,
        RtmpLogin login,
        SharedObjects objects,
        RtmpFormats formats) {}
