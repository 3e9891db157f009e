package dev.sluice.app.media;

/// Whether the user has asked the command to end.
@FunctionalInterface
public interface Stop {
    boolean wanted();
}
