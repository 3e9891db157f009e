/// The HTTP front on Vert.x: paths, hosts, origins, and connections that are given away to viewers.
@NullMarked
package dev.sluice.server.http;

import org.jspecify.annotations.NullMarked;
