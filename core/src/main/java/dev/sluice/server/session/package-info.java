/// Everybody connected, in one table, and the log lines about them.
@NullMarked
package dev.sluice.server.session;

import org.jspecify.annotations.NullMarked;
