/// Load for a live server, and what it measures: synthetic streams, viewers that count instead of decode, figures.
/// No sockets here; see the package `netty`.
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
