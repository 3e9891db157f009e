/// Client and server sessions: bytes in, events and bytes out; no sockets, no clock.
@NullMarked
package dev.sluice.rtmp.session;

import org.jspecify.annotations.NullMarked;
