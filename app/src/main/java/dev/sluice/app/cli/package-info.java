/// The command line: commands, their options and parameters, their help. Knows nothing of what a command does.
@NullMarked
package dev.sluice.app.cli;

import org.jspecify.annotations.NullMarked;
