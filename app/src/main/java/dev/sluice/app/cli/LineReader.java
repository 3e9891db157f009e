package dev.sluice.app.cli;

import dev.sluice.server.config.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/// Reads the words behind one command. commons-cli tells options, values and parameters apart; it is told to be
/// strict, so that what works today still means the same when there are more options: no beginnings of names
/// (`--vers`), no long names behind one dash (`-rtmp`), and quotes belong to the value.
final class LineReader {
    static final Opt<Boolean> HELP = Opt.flag("-h, --help", "Show this help and end.");
    /// What follows is no option, whatever it looks like.
    private static final String END_OF_OPTIONS = "--";

    private final Command command;
    private final List<Opt<?>> options;

    LineReader(Command command) {
        this.command = command;
        this.options = command.options();
    }

    /// Whether `--help` or `-h` is among them. Then nothing else matters, not even a mistake before it.
    static boolean askForHelp(String... words) {
        for (var word : words) {
            if (word.equals(END_OF_OPTIONS)) {
                return false;
            }
            if (word.equals("--help") || word.startsWith("-h")) {
                return true;
            }
        }
        return false;
    }

    Line read(String... words) throws WrongUse {
        var forms = new StrictOptions();
        options.forEach(option -> forms.addOption(option.form()));
        forms.addOption(HELP.form());
        var parsed = parse(forms, words);
        var values = new HashMap<Opt<?>, Object>();
        for (var option : options) {
            values.put(option, option.read(given(parsed, option)));
        }
        return new Line(values, parameters(parsed.getArgList()));
    }

    private CommandLine parse(Options forms, String... words) throws WrongUse {
        var parser = DefaultParser.builder()
                .setAllowPartialMatching(false)
                .setStripLeadingAndTrailingQuotes(false)
                .get();
        try {
            return parser.parse(forms, words);
        } catch (MissingArgumentException e) {
            throw new WrongUse("a value is missing: " + usage(e.getOption().getKey()));
        } catch (UnrecognizedOptionException e) {
            throw new WrongUse(unknown(forms, e.getOption()));
        } catch (ParseException e) {
            throw new WrongUse("this makes no sense: " + e.getMessage());
        }
    }

    private String usage(String key) {
        for (var option : options) {
            if (option.form().getKey().equals(key)) {
                return option.usage();
            }
        }
        return key;
    }

    /// A flag with a value is unknown to commons-cli, too.
    private String unknown(Options forms, String word) {
        int equals = word.indexOf('=');
        var name = equals < 0 ? word : word.substring(0, equals);
        if (equals >= 0 && (forms.hasLongOption(name) || name.length() == 2 && forms.hasOption(name))) {
            return name + " takes no value";
        }
        var names = new ArrayList<String>(List.of(HELP.name()));
        options.forEach(option -> names.add(option.name()));
        return "unknown option " + name
                + Nearest.of(name, names)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    /// One word for each time; a flag has no words of its own.
    private static List<String> given(CommandLine parsed, Opt<?> option) {
        var words = new ArrayList<String>();
        for (var one : parsed.getOptions()) {
            if (one.equals(option.form())) {
                words.addAll(one.hasArg() ? one.getValuesList() : List.of(option.name()));
            }
        }
        return words;
    }

    private Map<Parameter, String> parameters(List<String> words) throws WrongUse {
        var wanted = command.parameters();
        if (words.size() < wanted.size()) {
            var missing = wanted.subList(words.size(), wanted.size());
            throw new WrongUse(labels(missing) + (missing.size() == 1 ? " is missing" : " are missing"));
        }
        if (words.size() > wanted.size()) {
            throw new WrongUse("unexpected '" + words.get(wanted.size()) + "'"
                    + (wanted.isEmpty() ? "; only options are expected" : " after " + labels(wanted)));
        }
        var parameters = new HashMap<Parameter, String>();
        for (int i = 0; i < wanted.size(); i++) {
            parameters.put(wanted.get(i), words.get(i));
        }
        return parameters;
    }

    private static String labels(List<Parameter> parameters) {
        return String.join(" and ", parameters.stream().map(Parameter::label).toList());
    }

    /// One dash for a letter, two for a word. commons-cli itself takes `-rtmp`, and `-rtmp1935` too.
    private static final class StrictOptions extends Options {
        private static final long serialVersionUID = 1;

        @Override
        public boolean hasShortOption(String name) {
            return name.length() == 1 && super.hasShortOption(name);
        }

        @Override
        public boolean hasLongOption(String name) {
            return name.startsWith("--") && super.hasLongOption(name);
        }
    }
}
