package dev.sluice.app.cli;

/// A command line that makes no sense; the message is a sentence for the user.
public final class WrongUse extends Exception {
    private static final long serialVersionUID = 1;

    WrongUse(String message) {
        super(message);
    }
}
