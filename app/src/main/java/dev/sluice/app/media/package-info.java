/// Commands that look at one stream, send one and keep one: `probe`, `publish`, `play`.
@NullMarked
package dev.sluice.app.media;

import org.jspecify.annotations.NullMarked;
