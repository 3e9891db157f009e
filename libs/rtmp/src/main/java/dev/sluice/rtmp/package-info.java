/// What every part of the RTMP library shares: limits, names, addresses and its one exception.
@NullMarked
package dev.sluice.rtmp;

import org.jspecify.annotations.NullMarked;
