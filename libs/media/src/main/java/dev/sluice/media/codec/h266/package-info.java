/// H.266 (VVC): what a configuration says.
@NullMarked
package dev.sluice.media.codec.h266;

import org.jspecify.annotations.NullMarked;
