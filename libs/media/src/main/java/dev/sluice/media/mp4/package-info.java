/// Fragmented MP4 as CMAF wants it: an initialisation segment, then movie fragments.
@NullMarked
package dev.sluice.media.mp4;

import org.jspecify.annotations.NullMarked;
