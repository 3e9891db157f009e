/// Opus: what a configuration says.
@NullMarked
package dev.sluice.media.codec.opus;

import org.jspecify.annotations.NullMarked;
