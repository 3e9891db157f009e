/// FLAC: what a configuration says.
@NullMarked
package dev.sluice.media.codec.flac;

import org.jspecify.annotations.NullMarked;
