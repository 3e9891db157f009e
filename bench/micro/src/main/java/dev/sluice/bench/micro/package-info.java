/// JMH benchmarks of what happens for each frame or byte.
@NullMarked
package dev.sluice.bench.micro;

import org.jspecify.annotations.NullMarked;
