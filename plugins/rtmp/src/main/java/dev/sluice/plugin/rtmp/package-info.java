/// RTMP ingest and playback: what Sluice does with the sessions of libs/rtmp.
@NullMarked
package dev.sluice.plugin.rtmp;

import org.jspecify.annotations.NullMarked;
