package dev.sluice.plugin.rtmp;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// RTMP in binary messages of a WebSocket.
///
/// @param enabled whether `/rtmp` on the HTTP port takes WebSockets
/// @param messageMaxBytes a longer message ends the connection; each is held until it is complete
public record WebSocketSettings(
        @Doc("Whether '/rtmp' on the HTTP ports takes WebSockets that carry RTMP.")
        boolean enabled,

        @Doc("Largest WebSocket message of a client. A message of RTMP may go over many of them.")
        @Range(min = 1_024, max = 16_777_216)
        int messageMaxBytes) {
    public static final WebSocketSettings DEFAULTS = new WebSocketSettings(true, 64 << 10);
}
