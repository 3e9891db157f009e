/// H.265 (HEVC): what a configuration says.
@NullMarked
package dev.sluice.media.codec.h265;

import org.jspecify.annotations.NullMarked;
