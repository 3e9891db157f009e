/// Cuts a live stream into CMAF segments, once per stream. Knows streams and bytes, no protocol: every HTTP
/// streaming protocol describes the same segments.
@NullMarked
package dev.sluice.segments;

import org.jspecify.annotations.NullMarked;
