/// AAC as far as a server reads it: its configuration, and the ADTS headers that do not belong in a live stream.
@NullMarked
package dev.sluice.media.codec.aac;

import org.jspecify.annotations.NullMarked;
