package dev.sluice.plugin.rtmp;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import dev.sluice.server.config.ServerWide;

/// Shared objects of RTMP, and what they may cost.
///
/// @param enabled whether there are any; else messages about them are ignored
/// @param perConnection objects that one connection may use at once
/// @param keys keys of one object
/// @param bytes keys and values of one object, as encoded
/// @param pendingMaxBytes what may wait for a client that does not take it
/// @param totalMaxBytes all objects of the server
public record SharedObjectSettings(
        @Doc(
                "Whether clients may share objects (Flash applications do, for chat and presence). Whoever may connect may then "
                        + "read and change the objects of the application that he connects to, and stay as long as he uses one, "
                        + "without publishing or playing. Persistent objects outlive their users, not the server.")
        boolean enabled,

        @Doc("Objects that one connection may use at once. One more is refused.") @Range(min = 1, max = 1000)
        int perConnection,

        @Doc("Keys of one object. One more is refused.") @Range(min = 1, max = 65_535)
        int keys,

        @Doc("Bytes of all keys and values of one object. A change beyond is refused.")
        @Range(min = 64, max = 4_194_304)
        int bytes,

        @Doc("Bytes that may wait for a client that takes them too slowly; one message more ends its connection.")
        @Range(min = 65_536, max = 1 << 30)
        int pendingMaxBytes,

        @ServerWide
        @Doc(
                "Bytes of all objects of the server, with what it takes to keep them. Where they are spent, persistent objects "
                        + "that nobody uses go, oldest first; then changes are refused.")
        @Range(min = 65_536, max = 1 << 30)
        int totalMaxBytes) {
    public static final SharedObjectSettings DEFAULTS =
            new SharedObjectSettings(false, 16, 256, 256 << 10, 1 << 20, 16 << 20);
}
