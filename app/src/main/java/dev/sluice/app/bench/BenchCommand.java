package dev.sluice.app.bench;

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
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `sluice bench`: how many viewers a server holds, how late they see it, and what that costs.
@Command(
        name = "bench",
        description = {
            "Publishes synthetic streams, watches them with many viewers, and tells rate, delay, join time, late and"
                    + " lost frames, and the CPU and memory of the server.",
            "Without --target it starts a server of its own on free ports. A run is bounded; a public address needs"
                    + " --yes.",
            "Exit code 0 when viewers saw media, 1 otherwise."
        },
        abbreviateSynopsis = true,
        sortOptions = false)
public final class BenchCommand implements Callable<Integer> {
    private static final int SEARCH_WARM_UP_SECONDS = 3;
    private static final int SEARCH_SECONDS = 6;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "rtmp://host/app[?key=…] to publish and play there; http://host/….flv, ws://host/….mp4 or"
                    + " another's stream is only played. {name} stands for the stream.")
    private String target = "";

    @Option(
            names = "--play",
            paramLabel = "URL",
            description = "Where viewers play what is published to --target, such as http://host/live/{name}.flv")
    private String play = "";

    @Option(
            names = "--pid",
            paramLabel = "PID",
            split = ",",
            description = "Processes of the server on this machine, to read their CPU and memory.")
    private List<Long> pids = List.of();

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            split = ",",
            description = "How viewers watch the server of our own: rtmp (unless said), http-flv, ws-fmp4; several are"
                    + " measured one after the other.")
    private List<String> protocols = List.of("rtmp");

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the server of our own; may be given more than once.")
    private List<String> settings = List.of();

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Option(
            names = "--find-max",
            description = "Find the most viewers with few late frames: from --viewers on it doubles, then halves the"
                    + " distance. Shorter runs: 3 s and 6 s.")
    private boolean findMax;

    @Option(names = "--max-viewers", paramLabel = "N", description = "The most that --find-max tries, of each stream.")
    private int maxViewers;

    @Option(names = "--late-percent", paramLabel = "P", description = "Fewer late frames than this are few; 1.")
    private double latePercent = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures; - is standard output.")
    private String json = "";

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with charts.")
    private String html = "";

    @Option(names = "--unbounded", description = "Lift the bounds on publishers, viewers, bit rate and time.")
    private boolean unbounded;

    @Option(names = "--yes", description = "Load a public address: it is yours, or you may.")
    private boolean yes;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final Stop stop;
    private final String version;
    private final List<String> program;

    /// @param stop tells when the user has enough
    /// @param version of this program
    /// @param program how to start it once more, for a server of its own
    public BenchCommand(Stop stop, String version, List<String> program) {
        this.stop = stop;
        this.version = version;
        this.program = List.copyOf(program);
    }

    @Override
    public Integer call() throws LoadFailed, InterruptedException, IOException {
        var bench = new Bench(NettyLoad::start, stop::wanted, this::tell);
        if (target.isEmpty()) {
            benchOwnServer(bench);
        } else {
            benchTarget(bench);
        }
        var report = bench.report(new BenchReport.About(
                target.isEmpty() ? "local" : target.replaceFirst("\\?.*", ""),
                OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                version));
        write(report);
        return report.runs().stream().allMatch(run -> run.viewers().live() > 0) ? 0 : 1;
    }

    private void tell(String what) {
        spec.commandLine().getErr().println("bench: " + what);
    }

    private void benchOwnServer(Bench bench) throws LoadFailed, InterruptedException {
        var plan = bounded(load.plan(true));
        var wanted = new ArrayList<Protocol>();
        for (var label : protocols) {
            wanted.add(Protocol.of(label));
        }
        for (var protocol : wanted) {
            try (var server = LocalServer.start(program, settings)) {
                run(bench, plan, server.place(protocol), new ProcessMeter(List.of(server.pid())));
            }
        }
    }

    private void benchTarget(Bench bench) throws LoadFailed, InterruptedException {
        var place = Place.of(target, play);
        if (!yes && !place.isPrivate()) {
            throw new LoadFailed("this is a public address: load only servers that are yours, and say --yes");
        }
        run(bench, bounded(load.plan(place.publishes())), place, new ProcessMeter(pids));
    }

    private BenchPlan bounded(BenchPlan plan) throws LoadFailed {
        if (!unbounded) {
            Bounds.check(plan, Math.max(plan.viewers(), findMax ? maxViewers : 0));
        }
        return plan;
    }

    private void run(Bench bench, BenchPlan plan, Place place, ProcessMeter server)
            throws LoadFailed, InterruptedException {
        if (findMax) {
            int most = maxViewers > 0 ? maxViewers : Math.max(plan.viewers(), Bounds.mostViewers(plan));
            bench.findMax(plan.withSeconds(SEARCH_WARM_UP_SECONDS, SEARCH_SECONDS), place, server, most, latePercent);
        } else {
            bench.measure(plan, place, server);
        }
    }

    private void write(BenchReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
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
