/// Low-delay playback in a browser: fragmented MP4 over WebSocket, for Media Source Extensions.
@NullMarked
package dev.sluice.plugin.mse;

import org.jspecify.annotations.NullMarked;
