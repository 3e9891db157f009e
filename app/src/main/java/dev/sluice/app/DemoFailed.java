package dev.sluice.app;

/// The demo cannot run; the message says why, to a person.
final class DemoFailed extends Exception {
    DemoFailed(String message) {
        super(message, null, false, false);
    }
}
