/// Who may publish and who may play: keys, and the brake on guessing them.
@NullMarked
package dev.sluice.server.admission;

import org.jspecify.annotations.NullMarked;
