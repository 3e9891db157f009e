package dev.sluice.app.bench;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.app.media.Stop;
import dev.sluice.bench.Bench;
import dev.sluice.bench.BenchPlan;
import dev.sluice.bench.BenchReport;
import dev.sluice.bench.Bounds;
import dev.sluice.bench.HtmlPage;
import dev.sluice.bench.LoadFailed;
import dev.sluice.bench.LocalServer;
import dev.sluice.bench.Place;
import dev.sluice.bench.ProcessMeter;
import dev.sluice.bench.Protocol;
import dev.sluice.bench.TextTable;
import dev.sluice.bench.netty.NettyLoad;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `sluice bench`: how many viewers a server holds, how late they see it, and what that costs.
public final class BenchCommand implements Command {
    private static final int SEARCH_WARM_UP_SECONDS = 3;
    private static final int SEARCH_SECONDS = 6;

    private static final Opt<String> TARGET = Opt.text(
            "--target",
            "URL",
            "rtmp://host/app[?key=…] to publish and play there; http://host/….flv, ws://host/….mp4 or another's stream"
                    + " is only played. {name} stands for the stream.",
            "");
    private static final Opt<String> PLAY = Opt.text(
            "--play",
            "URL",
            "Where viewers play what is published to --target, such as http://host/live/{name}.flv",
            "");
    private static final Opt<List<Long>> PIDS = Opt.numbers(
            "--pid", "PID[,PID...]", "Processes of the server on this machine, to read their CPU and memory.");
    private static final Opt<List<String>> PROTOCOLS = Opt.list(
            "--protocol",
            "NAME[,NAME...]",
            "How viewers watch the server of our own: {default} (unless said), http-flv, ws-fmp4; several are measured"
                    + " one after the other.",
            "rtmp");
    private static final Opt<List<String>> SETTINGS =
            Opt.texts("--set", "KEY=VALUE", "A setting of the server of our own; may be given more than once.");
    private static final Opt<Boolean> FIND_MAX = Opt.flag(
            "--find-max",
            "Find the most viewers with few late frames: from --viewers on it doubles, then halves the distance."
                    + " Shorter runs: " + SEARCH_WARM_UP_SECONDS + " s and " + SEARCH_SECONDS + " s.");
    private static final Opt<Integer> MAX_VIEWERS =
            Opt.number("--max-viewers", "N", "The most that --find-max tries, of each stream.", "0");
    private static final Opt<Double> LATE_PERCENT =
            Opt.decimal("--late-percent", "P", "Fewer late frames than this are few; {default}.", "1");
    private static final Opt<String> JSON = Opt.text("--json", "FILE", "Write all figures; - is standard output.", "");
    private static final Opt<String> HTML = Opt.text("--html", "FILE", "Write a page with charts.", "");
    private static final Opt<Boolean> UNBOUNDED =
            Opt.flag("--unbounded", "Lift the bounds on publishers, viewers, bit rate and time.");
    private static final Opt<Boolean> YES = Opt.flag("--yes", "Load a public address: it is yours, or you may.");

    private final PrintStream out;
    private final PrintStream err;
    private final Stop stop;
    private final String version;
    private final List<String> program;

    /// @param stop tells when the user has enough
    /// @param version of this program
    /// @param program how to start it once more, for a server of its own
    public BenchCommand(PrintStream out, PrintStream err, Stop stop, String version, List<String> program) {
        this.out = out;
        this.err = err;
        this.stop = stop;
        this.version = version;
        this.program = List.copyOf(program);
    }

    @Override
    public List<String> description() {
        return List.of(
                "Publishes synthetic streams, watches them with many viewers, and tells rate, delay, join time, late"
                        + " and lost frames, and the CPU and memory of the server.",
                "Without --target it starts a server of its own on free ports. A run is bounded; a public address"
                        + " needs --yes.",
                "Exit code 0 when viewers saw media, 1 otherwise.");
    }

    @Override
    public List<Opt<?>> options() {
        return Opt.join(
                List.of(TARGET, PLAY, PIDS, PROTOCOLS, SETTINGS),
                LoadOptions.ALL,
                List.of(FIND_MAX, MAX_VIEWERS, LATE_PERCENT, JSON, HTML, UNBOUNDED, YES));
    }

    @Override
    public int run(Line line) throws LoadFailed, InterruptedException, IOException {
        var bench = new Bench(NettyLoad::start, stop::wanted, what -> err.println("bench: " + what));
        var target = line.get(TARGET);
        if (target.isEmpty()) {
            benchOwnServer(bench, line);
        } else {
            benchTarget(bench, line);
        }
        var report = bench.report(new BenchReport.About(
                target.isEmpty() ? "local" : target.replaceFirst("\\?.*", ""),
                OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                version));
        write(report, line);
        return report.runs().stream().allMatch(run -> run.viewers().live() > 0) ? 0 : 1;
    }

    private void benchOwnServer(Bench bench, Line line) throws LoadFailed, InterruptedException {
        var plan = bounded(LoadOptions.plan(line, true), line);
        var wanted = new ArrayList<Protocol>();
        for (var label : line.get(PROTOCOLS)) {
            wanted.add(Protocol.of(label));
        }
        for (var protocol : wanted) {
            try (var server = LocalServer.start(program, line.get(SETTINGS))) {
                run(bench, plan, server.place(protocol), new ProcessMeter(List.of(server.pid())), line);
            }
        }
    }

    private static void benchTarget(Bench bench, Line line) throws LoadFailed, InterruptedException {
        var place = Place.of(line.get(TARGET), line.get(PLAY));
        if (!line.get(YES) && !place.isPrivate()) {
            throw new LoadFailed("this is a public address: load only servers that are yours, and say " + YES.name());
        }
        var plan = bounded(LoadOptions.plan(line, place.publishes()), line);
        run(bench, plan, place, new ProcessMeter(line.get(PIDS)), line);
    }

    private static BenchPlan bounded(BenchPlan plan, Line line) throws LoadFailed {
        if (!line.get(UNBOUNDED)) {
            Bounds.check(plan, Math.max(plan.viewers(), line.get(FIND_MAX) ? line.get(MAX_VIEWERS) : 0));
        }
        return plan;
    }

    private static void run(Bench bench, BenchPlan plan, Place place, ProcessMeter server, Line line)
            throws LoadFailed, InterruptedException {
        if (!line.get(FIND_MAX)) {
            bench.measure(plan, place, server);
            return;
        }
        int asked = line.get(MAX_VIEWERS);
        int most = asked > 0 ? asked : Math.max(plan.viewers(), Bounds.mostViewers(plan));
        var shorter = plan.withSeconds(SEARCH_WARM_UP_SECONDS, SEARCH_SECONDS);
        bench.findMax(shorter, place, server, most, line.get(LATE_PERCENT));
    }

    private void write(BenchReport report, Line line) throws IOException {
        var json = line.get(JSON);
        var html = line.get(HTML);
        var text = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(report);
        if (json.equals("-")) {
            out.println(text);
        } else {
            TextTable.of(report).forEach(out::println);
            if (!json.isEmpty()) {
                Files.writeString(Path.of(json), text + "\n");
            }
        }
        if (!html.isEmpty()) {
            Files.writeString(Path.of(html), HtmlPage.of(report));
        }
        out.flush();
    }
}
