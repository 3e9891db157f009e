package dev.sluice.server.config;

/// The configuration cannot be used. The message is for the person who wrote it: it names the place
/// (`file:line`, the environment variable or the option), the key and the fix, and never shows a secret.
public final class ConfigError extends Exception {
    ConfigError(String message) {
        super(message, null, false, false);
    }

    ConfigError(Origin origin, String message) {
        this(origin + ": " + message);
    }
}
