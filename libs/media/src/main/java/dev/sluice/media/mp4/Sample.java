package dev.sluice.media.mp4;

import dev.sluice.media.Payload;

/// One access unit of a fragment.
///
/// @param payload as the frame carries it
/// @param durationTicks until the next sample's decode time
/// @param compositionTicks presentation minus decode time; may be negative
/// @param key whether a decoder can start here; true for audio
public record Sample(Payload payload, int durationTicks, int compositionTicks, boolean key) {}
