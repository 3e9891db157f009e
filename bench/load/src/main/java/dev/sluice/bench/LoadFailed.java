package dev.sluice.bench;

/// A run cannot begin or go on; the message is a sentence for the user.
public final class LoadFailed extends Exception {
    private static final long serialVersionUID = 1;

    public LoadFailed(String message) {
        super(message);
    }
}
