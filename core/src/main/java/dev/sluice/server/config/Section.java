package dev.sluice.server.config;

/// A part of the configuration file: a name, and a record whose components are the keys below it. Of the centre
/// or of a plugin; the loader does not tell them apart.
///
/// @param name the key of the section, such as `http`
/// @param defaults the one place where its defaults stand
/// @param overridablePerApp whether `apps.<app>.<name>` may override it
public record Section<S extends Record>(String name, S defaults, boolean overridablePerApp) {}
