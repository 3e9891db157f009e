package dev.sluice.app.cli;

/// A word that must stand behind a command.
///
/// @param label what it is, such as `URL`
public record Parameter(String label, String description) {}
