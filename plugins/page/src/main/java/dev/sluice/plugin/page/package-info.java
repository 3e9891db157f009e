/// The page at `/`: live streams, and players for them. Its browser side lies beside these classes as resources.
@NullMarked
package dev.sluice.plugin.page;

import org.jspecify.annotations.NullMarked;
