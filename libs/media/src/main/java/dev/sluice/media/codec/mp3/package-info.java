/// MPEG audio: what a configuration says.
@NullMarked
package dev.sluice.media.codec.mp3;

import org.jspecify.annotations.NullMarked;
