package dev.sluice.app.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What `--help` prints, in lines of at most [#WIDTH] columns.
final class Help {
    /// One less than terminals usually have: some break a line that fills theirs.
    private static final int WIDTH = 79;
    private static final int INDENT = 2;
    /// A name that is longer has a line of its own.
    private static final int LONGEST_NAME = 24;
    private static final String NO_SHORT_NAME = "    ";

    private final List<String> lines = new ArrayList<>();

    private Help() {}

    private record Row(String name, String text) {}

    /// @param path the program and the command, as they are typed
    static List<String> ofCommand(String path, Command command) {
        var help = new Help();
        var options = command.options();
        var usage = new StringBuilder("Usage: " + path + (options.isEmpty() ? " [-h]" : " [OPTIONS]"));
        var rows = new ArrayList<Row>();
        for (var parameter : command.parameters()) {
            usage.append(' ').append(parameter.label());
            rows.add(new Row(NO_SHORT_NAME + parameter.label(), parameter.description()));
        }
        for (var option : Opt.join(options, List.of(LineReader.HELP))) {
            rows.add(row(option));
        }
        help.wrap(0, 0, usage.toString());
        command.description().forEach(sentence -> help.wrap(0, 0, sentence));
        help.table(rows, 3);
        return help.lines;
    }

    /// @param commands by name, in their order
    static List<String> ofProgram(String name, String description, Map<String, Command> commands) {
        var help = new Help();
        help.wrap(0, 0, "Usage: " + name + " [-h] COMMAND");
        help.wrap(0, 0, description);
        help.table(List.of(row(LineReader.HELP)), 3);
        help.lines.add("Commands:");
        var rows = new ArrayList<Row>();
        commands.forEach((word, command) -> {
            if (!command.hidden()) {
                rows.add(new Row(word, command.description().getFirst()));
            }
        });
        help.table(rows, 2);
        help.lines.add("");
        help.wrap(0, 0, name + " COMMAND --help tells more about one of them.");
        return help.lines;
    }

    private static Row row(Opt<?> option) {
        return new Row(
                (option.isShort() ? "" : NO_SHORT_NAME) + option.usage(),
                option.form().getDescription());
    }

    private void table(List<Row> rows, int gap) {
        int longest = rows.stream()
                .mapToInt(row -> row.name().length())
                .filter(length -> length <= LONGEST_NAME)
                .max()
                .orElse(0);
        int column = INDENT + longest + gap;
        for (var row : rows) {
            var name = " ".repeat(INDENT) + row.name();
            int first = lines.size();
            wrap(column, column + INDENT, row.text());
            if (row.name().length() > longest) {
                lines.add(first, name);
            } else {
                lines.set(first, name + lines.get(first).substring(name.length()));
            }
        }
    }

    /// Adds `text`, its first line from one column on, the others from another.
    private void wrap(int firstColumn, int nextColumn, String text) {
        var line = new StringBuilder(" ".repeat(firstColumn));
        boolean begun = false;
        for (var word : Arrays.asList(text.split(" ", -1))) {
            if (begun && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(nextColumn));
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
            begun = true;
        }
        lines.add(line.toString());
    }
}
