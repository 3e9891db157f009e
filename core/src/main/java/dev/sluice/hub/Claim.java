package dev.sluice.hub;

import java.util.function.Consumer;

/// Somebody who was admitted wants to publish.
///
/// @param loop the publisher's own loop
/// @param who tells this client from others that fight with it for a stream, such as its address and what it calls
///     itself; for the log, never shown to viewers
/// @param onDisplaced called on `loop`, once, with a sentence for its user, when another publication has taken the
///     stream over: nothing that is written counts any more
public record Claim(Loop loop, String who, Consumer<String> onDisplaced) {}
