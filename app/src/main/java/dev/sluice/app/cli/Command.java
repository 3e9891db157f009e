package dev.sluice.app.cli;

import java.util.List;

/// One command of a [Program], which knows it by its name. `--help` is an option of every command, and not listed
/// by any.
public interface Command {
    /// Sentences for the help. Each begins on a line of its own; the first stands in the list of commands.
    List<String> description();

    /// What must stand behind the command, in this order.
    default List<Parameter> parameters() {
        return List.of();
    }

    /// In the order of the help.
    default List<Opt<?>> options() {
        return List.of();
    }

    /// Whether the list of commands leaves it out.
    default boolean hidden() {
        return false;
    }

    /// Does the work; by then every option and parameter was read, and makes sense.
    ///
    /// @return the exit code
    int run(Line line) throws Exception;
}
