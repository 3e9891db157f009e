/// HTTP-FLV playback: the stream as an endless FLV file.
@NullMarked
package dev.sluice.plugin.httpflv;

import org.jspecify.annotations.NullMarked;
