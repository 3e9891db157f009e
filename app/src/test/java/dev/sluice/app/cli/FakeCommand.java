package dev.sluice.app.cli;

import java.util.List;
import java.util.Optional;

/// One option of each kind, and two parameters.
final class FakeCommand implements Command {
    static final Parameter FILE = new Parameter("FILE", "What to send.");
    static final Parameter URL = new Parameter("URL", "Where to.");
    static final Opt<List<String>> SET = Opt.texts("-s, --set", "KEY=VALUE", "A setting; may be given more than once.");
    static final Opt<Optional<String>> OUTPUT = Opt.text("-o", "FILE", "Write a file.");
    static final Opt<String> NAME = Opt.text("--name", "NAME", "What it is called; {default}.", "cam");
    static final Opt<Integer> VIEWERS = Opt.number("--viewers", "N", "How many; {default} unless said.", "50");
    static final Opt<Double> PERCENT = Opt.decimal("--percent", "P", "How much; {default}.", "1");
    static final Opt<List<Long>> PIDS = Opt.numbers("--pid", "PID[,PID...]", "Which.");
    static final Opt<List<String>> PROTOCOLS =
            Opt.list("--protocol", "NAME[,NAME[,NAME...]]", "In how many ways; {default}.", "rtmp,hls");
    static final Opt<Boolean> ONCE = Opt.flag(
            "--once", "A description that has more words than fit behind a name in a terminal of eighty columns.");

    @Override
    public List<String> description() {
        return List.of("Does nothing at all.", "And that at once.");
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(FILE, URL);
    }

    @Override
    public List<Opt<?>> options() {
        return List.of(SET, OUTPUT, NAME, VIEWERS, PERCENT, PIDS, PROTOCOLS, ONCE);
    }

    @Override
    public int run(Line line) {
        return 7;
    }
}
