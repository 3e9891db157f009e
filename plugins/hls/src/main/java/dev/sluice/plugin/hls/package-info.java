/// HLS: playlists that describe the segments of core, and the answers that carry both.
@NullMarked
package dev.sluice.plugin.hls;

import org.jspecify.annotations.NullMarked;
