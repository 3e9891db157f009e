package dev.sluice.server;

/// Why the server cannot start, as a sentence for whoever started it.
public final class StartFailed extends Exception {
    public StartFailed(String message) {
        super(message);
    }

    public StartFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
