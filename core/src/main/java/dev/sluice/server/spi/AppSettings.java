package dev.sluice.server.spi;

import dev.sluice.server.config.Doc;
import java.util.Map;

/// What an application allows, whatever the protocol.
///
/// @param listed whether its streams are shown on the page when the server listens beyond loopback
/// @param publish who may publish
/// @param keys public stream name → secret; with `publish: keys` a publisher of `name` must send
///     `name?key=SECRET`
public record AppSettings(
        @Doc("Show its streams on the page when the server listens beyond loopback.")
        boolean listed,

        @Doc("Who may publish: 'open' (anyone), 'keys' (who knows the key), 'loopback' (anyone on this machine).")
        PublishPolicy publish,

        @Doc("Public stream name: secret key. The publisher's stream key is then name?key=SECRET.")
        Map<String, String> keys) {
    public static final AppSettings DEFAULTS = new AppSettings(false, PublishPolicy.LOOPBACK, Map.of());

    public enum PublishPolicy {
        OPEN,
        KEYS,
        LOOPBACK
    }

    public AppSettings {
        keys = Map.copyOf(keys);
    }

    /// Keys are secrets: they are not printed.
    @Override
    public String toString() {
        return "AppSettings[listed=" + listed + ", publish=" + publish + ", keys of " + keys.keySet() + "]";
    }
}
