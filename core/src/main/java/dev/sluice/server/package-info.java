/// The server: wires the centre, starts the plugins, and stops them again.
@NullMarked
package dev.sluice.server;

import org.jspecify.annotations.NullMarked;
