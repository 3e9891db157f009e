package dev.sluice.server.spi;

import dev.sluice.server.config.Doc;
import java.util.Map;

/// What an application allows, whatever the protocol.
///
/// @param listed whether its streams are shown on the page when the server listens beyond loopback
/// @param publish who may publish
/// @param keys public stream name → secret; with `publish: keys` a publisher of `name` must send
///     `name?key=SECRET`
/// @param users user name → password; with `publish: keys` whoever logs in as one of them may publish any name of
///     the application
public record AppSettings(
        @Doc("Show its streams on the page when the server listens beyond loopback.")
        boolean listed,

        @Doc("Who may publish: 'open' (anyone), 'keys' (who knows the key), 'loopback' (anyone on this machine).")
        PublishPolicy publish,

        @Doc("Public stream name: secret key. The publisher's stream key is then name?key=SECRET.")
        Map<String, String> keys,

        @Doc("User name: password, for encoders with fields for both. A user may publish any name of the application. "
                + "Who publishes over RTMP is then asked to log in.")
        Map<String, String> users) {
    public static final AppSettings DEFAULTS = new AppSettings(false, PublishPolicy.LOOPBACK, Map.of(), Map.of());

    public enum PublishPolicy {
        OPEN,
        KEYS,
        LOOPBACK
    }

    public AppSettings {
        keys = Map.copyOf(keys);
        users = Map.copyOf(users);
    }

    /// Without users.
    public AppSettings(boolean listed, PublishPolicy publish, Map<String, String> keys) {
        this(listed, publish, keys, Map.of());
    }

    /// Keys and passwords are secrets: they are not printed.
    @Override
    public String toString() {
        return "AppSettings[listed=" + listed + ", publish=" + publish + ", keys of " + keys.keySet() + ", users "
                + users.keySet() + "]";
    }
}
