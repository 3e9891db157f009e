/// What a live stream is made of: tracks, frames and the other entries of its log. Immutable values, shared by
/// every reader on every thread.
@NullMarked
package dev.sluice.media;

import org.jspecify.annotations.NullMarked;
