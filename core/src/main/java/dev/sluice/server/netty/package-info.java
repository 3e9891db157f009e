/// Event loops and viewer connections on Netty, shared by raw protocols and HTTP.
@NullMarked
package dev.sluice.server.netty;

import org.jspecify.annotations.NullMarked;
