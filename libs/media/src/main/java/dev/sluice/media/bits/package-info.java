/// Bit syntax: what codec headers are written in.
@NullMarked
package dev.sluice.media.bits;

import org.jspecify.annotations.NullMarked;
