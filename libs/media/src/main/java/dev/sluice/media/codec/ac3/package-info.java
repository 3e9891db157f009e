/// AC-3 and E-AC-3: what a configuration says.
@NullMarked
package dev.sluice.media.codec.ac3;

import org.jspecify.annotations.NullMarked;
