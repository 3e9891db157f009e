/// The sessions on Netty channels: the only package here that opens sockets and knows the time.
@NullMarked
package dev.sluice.rtmp.netty;

import org.jspecify.annotations.NullMarked;
