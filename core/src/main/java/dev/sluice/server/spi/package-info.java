/// What a plugin offers and what it is given.
@NullMarked
package dev.sluice.server.spi;

import org.jspecify.annotations.NullMarked;
