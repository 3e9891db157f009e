/// `sluice bench`: the command over the load of `dev.sluice.bench`.
@NullMarked
package dev.sluice.app.bench;

import org.jspecify.annotations.NullMarked;
