/// The simple handshake, server and client, as state machines over bytes.
@NullMarked
package dev.sluice.rtmp.handshake;

import org.jspecify.annotations.NullMarked;
