/// What the server counts about itself.
@NullMarked
package dev.sluice.server.observe;

import org.jspecify.annotations.NullMarked;
