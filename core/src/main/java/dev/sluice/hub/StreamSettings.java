package dev.sluice.hub;

/// What an application may set for its streams.
public record StreamSettings(ContinuitySettings continuity, FanoutSettings fanout) {}
