/// Publishers and viewers on real connections.
@NullMarked
package dev.sluice.bench.netty;

import org.jspecify.annotations.NullMarked;
