/// VP8 and VP9: what a configuration says.
@NullMarked
package dev.sluice.media.codec.vpx;

import org.jspecify.annotations.NullMarked;
