/// The program: command line, start, stop, demo. Wires what it finds and names no plugin.
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
