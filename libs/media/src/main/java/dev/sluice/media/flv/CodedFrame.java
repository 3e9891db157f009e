package dev.sluice.media.flv;

import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;

/// One frame as it came, before its codec looks at it.
///
/// @param timestampMs of its message
/// @param compositionNs presentation minus decode time, with what an extension added below a millisecond
/// @param flagged what its message says it is
/// @param content the coded bytes
record CodedFrame(long timestampMs, long compositionNs, FrameKind flagged, Payload content) {}
