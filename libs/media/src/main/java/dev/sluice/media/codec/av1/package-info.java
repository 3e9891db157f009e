/// AV1: what a configuration says.
@NullMarked
package dev.sluice.media.codec.av1;

import org.jspecify.annotations.NullMarked;
