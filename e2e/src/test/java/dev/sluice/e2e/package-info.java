/// Black box: the packaged server with encoders, players and a browser that we did not write. A test here
/// knows ports, URLs and what the server prints, and nothing of its classes.
@NullMarked
package dev.sluice.e2e;

import org.jspecify.annotations.NullMarked;
