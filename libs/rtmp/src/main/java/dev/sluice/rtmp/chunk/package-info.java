/// The chunk stream: bytes to messages and messages to bytes.
@NullMarked
package dev.sluice.rtmp.chunk;

import org.jspecify.annotations.NullMarked;
