package dev.sluice.app.cli;

import java.util.Map;
import java.util.Objects;

/// What stood behind a command: the value of each of its options, given or not, and its parameters.
public final class Line {
    private final Map<Opt<?>, Object> values;
    private final Map<Parameter, String> parameters;

    Line(Map<Opt<?>, Object> values, Map<Parameter, String> parameters) {
        this.values = Map.copyOf(values);
        this.parameters = Map.copyOf(parameters);
    }

    /// Reads the words behind `command`.
    public static Line of(Command command, String... words) throws WrongUse {
        return new LineReader(command).read(words);
    }

    /// @param option one of the command's
    @SuppressWarnings("unchecked") // the option itself has read it
    public <T> T get(Opt<T> option) {
        return (T) Objects.requireNonNull(values.get(option), option::name);
    }

    /// @param parameter one of the command's
    public String get(Parameter parameter) {
        return Objects.requireNonNull(parameters.get(parameter), parameter::label);
    }
}
