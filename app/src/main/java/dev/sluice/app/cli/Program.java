package dev.sluice.app.cli;

import dev.sluice.server.config.Nearest;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// A program of several commands. Reads the command line, helps, or says in two lines what is wrong with it.
///
/// Making a command and its options takes time that a start has not got, so only the one that is named is made; the
/// help for the program makes them all.
public final class Program {
    /// The exit code for a line that makes no sense.
    public static final int WRONG_USE = 2;

    private final String name;
    private final String description;
    private final Map<String, Supplier<Command>> commands;
    private final PrintStream out;
    private final PrintStream err;

    /// @param commands by name, in the order in which the help lists them
    public Program(
            String name,
            String description,
            Map<String, Supplier<Command>> commands,
            PrintStream out,
            PrintStream err) {
        this.name = name;
        this.description = description;
        this.commands = commands;
        this.out = out;
        this.err = err;
    }

    /// Runs one command.
    ///
    /// @return the exit code
    /// @throws Exception what the command throws
    public int run(String... words) throws Exception {
        var named = words.length == 0 ? null : commands.get(words[0]);
        if (named != null) {
            return run(name + " " + words[0], named.get(), Arrays.copyOfRange(words, 1, words.length));
        }
        if (LineReader.askForHelp(words)) {
            var all = new LinkedHashMap<String, Command>();
            commands.forEach((word, command) -> all.put(word, command.get()));
            return help(Help.ofProgram(name, description, all));
        }
        return refuse(name, new WrongUse(words.length == 0 ? "a command is missing" : unknown(words[0])));
    }

    private int run(String path, Command command, String... words) throws Exception {
        if (LineReader.askForHelp(words)) {
            return help(Help.ofCommand(path, command));
        }
        Line line;
        try {
            line = Line.of(command, words);
        } catch (WrongUse e) {
            return refuse(path, e);
        }
        return command.run(line);
    }

    private int help(Iterable<String> lines) {
        lines.forEach(out::println);
        out.flush();
        return 0;
    }

    private int refuse(String path, WrongUse e) {
        err.println(name + ": " + e.getMessage());
        err.println("Try '" + path + " --help'.");
        return WRONG_USE;
    }

    private String unknown(String word) {
        return word.startsWith("-")
                ? "unknown option " + word
                : "there is no command '" + word + "'"
                        + Nearest.of(word, commands.keySet())
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("");
    }
}
