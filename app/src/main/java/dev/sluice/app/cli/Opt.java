package dev.sluice.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.cli.Option;

/// An option: how it is written, what the help says of it, what it is worth unless given, and how its value is
/// read. A command declares each once, as a constant, and asks the [Line] for its value.
///
/// Names are written as the help shows them: `--set`, `-o` or `-c, --config`. Labels say what the value is. What an
/// option is worth unless given is written as a user would write it; `{default}` in a description stands for it.
///
/// @param <T> what its value is read as
public final class Opt<T> {
    private static final String DEFAULT = "{default}";
    private static final String WHOLE_NUMBER = "a whole number";

    private final String names;
    private final Option form;
    private final List<String> unlessGiven;
    private final boolean repeatable;
    private final Reading<T> reading;

    private Opt(String names, Option form, List<String> unlessGiven, boolean repeatable, Reading<T> reading) {
        this.names = names;
        this.form = form;
        this.unlessGiven = unlessGiven;
        this.repeatable = repeatable;
        this.reading = reading;
    }

    /// Makes a value of the words that were given for an option; never of none, unless it is a flag or has no
    /// default.
    @FunctionalInterface
    private interface Reading<T> {
        T of(List<String> words) throws WrongUse;
    }

    /// There or not; it takes no value.
    public static Opt<Boolean> flag(String names, String description) {
        var form = form(names).desc(description).get();
        return new Opt<>(names, form, List.of(), false, words -> !words.isEmpty());
    }

    /// May be left out, and then is worth nothing.
    public static Opt<Optional<String>> text(String names, String label, String description) {
        var form = form(names, label, description, "");
        return new Opt<>(names, form, List.of(), false, words -> words.stream().findFirst());
    }

    public static Opt<String> text(String names, String label, String description, String unlessGiven) {
        var form = form(names, label, description, unlessGiven);
        return new Opt<>(names, form, List.of(unlessGiven), false, List::getFirst);
    }

    /// May be given more than once.
    public static Opt<List<String>> texts(String names, String label, String description) {
        return new Opt<>(names, form(names, label, description, ""), List.of(), true, List::copyOf);
    }

    /// Several in one value, between commas; may also be given more than once.
    public static Opt<List<String>> list(String names, String label, String description, String unlessGiven) {
        var form = form(names, label, description, unlessGiven);
        return new Opt<>(names, form, List.of(unlessGiven), true, Opt::split);
    }

    public static Opt<Integer> number(String names, String label, String description, String unlessGiven) {
        var form = form(names, label, description, unlessGiven);
        return new Opt<>(
                names,
                form,
                List.of(unlessGiven),
                false,
                words -> parse(names, words.getFirst(), WHOLE_NUMBER, Integer::valueOf));
    }

    public static Opt<Double> decimal(String names, String label, String description, String unlessGiven) {
        var form = form(names, label, description, unlessGiven);
        return new Opt<>(
                names,
                form,
                List.of(unlessGiven),
                false,
                words -> parse(names, words.getFirst(), "a number", Double::valueOf));
    }

    /// Several in one value, between commas; may also be given more than once. None unless given.
    public static Opt<List<Long>> numbers(String names, String label, String description) {
        return new Opt<>(names, form(names, label, description, ""), List.of(), true, words -> {
            var numbers = new ArrayList<Long>();
            for (var word : split(words)) {
                numbers.add(parse(names, word, WHOLE_NUMBER, Long::valueOf));
            }
            return List.copyOf(numbers);
        });
    }

    /// One list of several.
    @SafeVarargs
    public static List<Opt<?>> join(List<Opt<?>>... lists) {
        var all = new ArrayList<Opt<?>>();
        for (var list : lists) {
            all.addAll(list);
        }
        return List.copyOf(all);
    }

    private static Option form(String names, String label, String description, String unlessGiven) {
        return form(names)
                .hasArg()
                .argName(label)
                .desc(description.replace(DEFAULT, unlessGiven))
                .get();
    }

    private static Option.Builder form(String names) {
        var form = Option.builder();
        if (names.charAt(1) != '-') {
            form.option(names.substring(1, 2));
        }
        int dashes = names.indexOf("--");
        if (dashes >= 0) {
            form.longOpt(names.substring(dashes + 2));
        }
        return form;
    }

    private static List<String> split(List<String> words) {
        var parts = new ArrayList<String>();
        for (var word : words) {
            parts.addAll(List.of(word.split(",", -1)));
        }
        return List.copyOf(parts);
    }

    private static <T> T parse(String names, String word, String wanted, Function<String, T> parser) throws WrongUse {
        try {
            return parser.apply(word);
        } catch (NumberFormatException e) {
            throw new WrongUse(
                    word.matches("[+-]?[0-9]+")
                            ? names + " cannot be " + word + ": that is out of range"
                            : names + " needs " + wanted + ", not '" + word + "'");
        }
    }

    /// What messages call it: the long name, if there are two.
    public String name() {
        return names.substring(names.indexOf(' ') + 1);
    }

    /// As the help shows it: `-c, --config=FILE`.
    String usage() {
        return form.hasArg() ? names + "=" + form.getArgName() : names;
    }

    /// Whether it has a name of one letter.
    boolean isShort() {
        return form.getOpt() != null;
    }

    Option form() {
        return form;
    }

    /// @param words what was given for it, once for each time
    T read(List<String> words) throws WrongUse {
        if (!repeatable && words.size() > 1) {
            throw new WrongUse(names + " may be given only once");
        }
        return reading.of(words.isEmpty() ? unlessGiven : words);
    }
}
