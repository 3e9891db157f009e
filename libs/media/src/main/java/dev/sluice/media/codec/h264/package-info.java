/// H.264 as far as a server reads it: parameter sets, NAL units, what a decoder can start with.
@NullMarked
package dev.sluice.media.codec.h264;

import org.jspecify.annotations.NullMarked;
