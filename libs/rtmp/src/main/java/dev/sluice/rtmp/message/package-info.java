/// Typed messages: one record each, read from what the chunk stream delivers.
@NullMarked
package dev.sluice.rtmp.message;

import org.jspecify.annotations.NullMarked;
