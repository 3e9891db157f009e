/// Live streams: one log per stream, a cursor per reader. Knows entries and bytes, no protocol.
@NullMarked
package dev.sluice.hub;

import org.jspecify.annotations.NullMarked;
