package dev.sluice.bench;

import dev.sluice.bench.ProcessMeter.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Runs a load that stands and says what it has shown. For one thread, which waits here.
public final class Measurement {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long POLL_MS = 50;
    private static final long JOINED_WITHIN_MS = 30_000;
    /// So long a Java server under load goes on compiling; measured with ours.
    private static final Duration YOUNG = Duration.ofSeconds(90);

    private static final int REHEARSING = 200;
    private static final int REHEARSALS = 3;

    private final BenchPlan plan;
    private final Protocol protocol;
    private final Load load;
    private final ProcessMeter server;
    private final BooleanSupplier stopped;
    private final Consumer<String> progress;
    private boolean rehearsed;
    /// Of the server, with the publishers and no viewers.
    private Optional<Usage> before = Optional.empty();

    /// What was seen at one moment.
    private record Moment(LoadState load, Optional<Usage> server) {}

    /// @param load publishing, with no viewers yet
    /// @param server what to read CPU and memory of
    /// @param stopped tells when the user has enough
    /// @param progress is told in a few words what happens
    public Measurement(
            BenchPlan plan,
            Protocol protocol,
            Load load,
            ProcessMeter server,
            BooleanSupplier stopped,
            Consumer<String> progress) {
        this.plan = plan;
        this.protocol = protocol;
        this.load = load;
        this.server = server;
        this.stopped = stopped;
        this.progress = progress;
    }

    /// Brings the viewers, warms up, counts.
    ///
    /// @param viewersPerStream how many there are to be
    /// @throws LoadFailed if the user has enough, or the publishers are gone
    public RunResult run(int viewersPerStream) throws LoadFailed, InterruptedException {
        int viewers = viewersPerStream * plan.streams();
        progress.accept("%d viewers join".formatted(viewers));
        if (!rehearsed) {
            rehearse(viewersPerStream);
            before = server.read();
            rehearsed = true;
        }
        load.resize(0);
        var beginning = load.state().seen();
        load.resize(viewersPerStream);
        awaitJoined(viewers, beginning);
        progress.accept("warming up, %d s".formatted(plan.warmUpSeconds()));
        pause(plan.warmUpSeconds());
        progress.accept("measuring, %d s".formatted(plan.seconds()));
        var moments = new ArrayList<>(List.of(moment()));
        for (int second = 0; second < plan.seconds(); second++) {
            pause(1);
            moments.add(moment());
        }
        var all = moments.getLast().load().seen().since(beginning);
        return result(viewers, moments, all);
    }

    /// Viewers come and go before: what a program does for the first times takes long, here as there, and says nothing
    /// about the viewers that follow.
    private void rehearse(int viewersPerStream) throws LoadFailed, InterruptedException {
        int few = Math.clamp(REHEARSING / plan.streams(), 1, viewersPerStream);
        for (int round = 0; round < REHEARSALS; round++) {
            var beginning = load.state().seen();
            load.resize(few);
            awaitJoined(few * plan.streams(), beginning);
            load.resize(0);
        }
    }

    /// Until each has seen a key frame or failed; those that do not in time are missing in the result.
    private void awaitJoined(int viewers, Tally.Snapshot beginning) throws LoadFailed, InterruptedException {
        for (long waitedMs = 0; waitedMs < JOINED_WITHIN_MS; waitedMs += POLL_MS) {
            var seen = load.state().seen().since(beginning);
            if (seen.joinsNs().total() + seen.failed() >= viewers) {
                return;
            }
            sleep(POLL_MS);
        }
    }

    private void pause(int seconds) throws LoadFailed, InterruptedException {
        long untilNs = System.nanoTime() + seconds * NS_PER_SECOND;
        for (long leftNs = seconds * NS_PER_SECOND; leftNs > 0; leftNs = untilNs - System.nanoTime()) {
            sleep(Math.max(1, Math.min(POLL_MS, leftNs / 1_000_000)));
        }
    }

    private void sleep(long ms) throws LoadFailed, InterruptedException {
        if (stopped.getAsBoolean()) {
            throw new LoadFailed("stopped");
        }
        Thread.sleep(ms);
    }

    private Moment moment() throws LoadFailed, InterruptedException {
        var state = load.state();
        if (!state.publishersLost().isEmpty()) {
            throw new LoadFailed("the server ended %d publishers, the first one: %s"
                    .formatted(
                            state.publishersLost().size(),
                            state.publishersLost().getFirst()));
        }
        return new Moment(state, server.read());
    }

    /// @param all from the first viewer's coming on
    private RunResult result(int viewers, List<Moment> moments, Tally.Snapshot all) {
        var first = moments.getFirst();
        var last = moments.getLast();
        var seen = last.load().seen().since(first.load().seen());
        double seconds = secondsBetween(first, last);
        double gbit = seen.bytes() * 8 / 1e9;
        long owed = last.load().framesOwed() - first.load().framesOwed();
        var cost = serverCost(first, last, gbit, viewers);
        var delays = seen.probeDelaysNs().total() == 0 ? seen.delaysNs() : seen.probeDelaysNs();
        var joins = all.probeJoinsNs().total() == 0 ? all.joinsNs() : all.probeJoinsNs();
        var loadCost = loadCost(first, last);
        return new RunResult(
                protocol.label(),
                plan.shape().publishers(),
                plan.shape().kbps(),
                plan.shape().framesPerSecond(),
                seconds,
                new RunResult.Delivered(gbit, gbit / seconds, owed == 0 ? 0 : (double) seen.frames() / owed),
                cost.orElse(null),
                delays.total() == 0 ? null : RunResult.Spread.of(delays),
                joins.total() == 0 ? null : RunResult.Spread.of(joins),
                new RunResult.Viewers(viewers, all.live(), all.failed(), all.ended(), all.failures()),
                frames(seen),
                loadCost,
                timeline(moments),
                notes(loadCost, cost.isPresent(), seen));
    }

    private static double secondsBetween(Moment from, Moment to) {
        return (to.load().atNs() - from.load().atNs()) / (double) NS_PER_SECOND;
    }

    private Optional<RunResult.ServerCost> serverCost(Moment first, Moment last, double gbit, int viewers) {
        if (first.server().isEmpty() || last.server().isEmpty()) {
            return Optional.empty();
        }
        var from = first.server().get();
        var to = last.server().get();
        double cpu = to.cpuSeconds() - from.cpuSeconds();
        double beforeMib = before.map(usage -> mib(usage.residentBytes())).orElse(0.0);
        double mib = mib(to.residentBytes());
        return Optional.of(new RunResult.ServerCost(
                server.pids(),
                to.userSeconds() - from.userSeconds(),
                to.systemSeconds() - from.systemSeconds(),
                cpu,
                100 * cpu / secondsBetween(first, last),
                gbit == 0 ? 0 : cpu / gbit,
                beforeMib,
                mib,
                (mib - beforeMib) * 1024 / Math.max(1, viewers)));
    }

    private static double mib(long bytes) {
        return bytes / (double) (1 << 20);
    }

    private RunResult.Frames frames(Tally.Snapshot seen) {
        long late = seen.delaysNs().above(seen.delaysNs().quantile(0.5) + plan.lateMs() * 1_000_000L);
        return new RunResult.Frames(
                seen.frames(),
                late,
                100.0 * late / Math.max(1, seen.frames()),
                seen.lost(),
                100.0 * seen.lost() / Math.max(1, seen.frames() + seen.lost()),
                seen.corrupt(),
                plan.lateMs());
    }

    private static RunResult.LoadCost loadCost(Moment first, Moment last) {
        double ns = last.load().atNs() - first.load().atNs();
        double busiest = 0;
        for (int i = 0; i < first.load().loopCpuNs().size(); i++) {
            busiest = Math.max(
                    busiest,
                    last.load().loopCpuNs().get(i) - first.load().loopCpuNs().get(i));
        }
        return new RunResult.LoadCost(100 * (last.load().cpuNs() - first.load().cpuNs()) / ns, 100 * busiest / ns);
    }

    private static List<RunResult.Second> timeline(List<Moment> moments) {
        var seconds = new ArrayList<RunResult.Second>();
        for (int i = 1; i < moments.size(); i++) {
            var from = moments.get(i - 1);
            var to = moments.get(i);
            var seen = to.load().seen().since(from.load().seen());
            double length = secondsBetween(from, to);
            double cpu = to.server().map(Usage::cpuSeconds).orElse(0.0)
                    - from.server().map(Usage::cpuSeconds).orElse(0.0);
            var delays = seen.probeDelaysNs().total() == 0 ? seen.delaysNs() : seen.probeDelaysNs();
            seconds.add(new RunResult.Second(
                    secondsBetween(moments.getFirst(), to),
                    seen.bytes() * 8 / 1e9 / length,
                    100 * cpu / length,
                    delays.quantile(0.5) / 1e6,
                    delays.quantile(0.99) / 1e6,
                    to.server().map(usage -> mib(usage.residentBytes())).orElse(0.0)));
        }
        return seconds;
    }

    private List<String> notes(RunResult.LoadCost cost, boolean serverKnown, Tally.Snapshot seen) {
        var notes = new ArrayList<String>();
        if (cost.busiestLoopPercent() > 80) {
            notes.add("The load needed %.0f %% of a core in one thread: the delays and the rate say more about the load"
                            .formatted(cost.busiestLoopPercent())
                    + " than about the server. Use another machine for it, or --threads.");
        }
        if (!serverKnown) {
            notes.add("CPU and memory of the server are not known: give --pid on the server's machine (Linux; elsewhere"
                    + " memory is not known).");
        } else if (before.map(Usage::residentBytes).orElse(0L) == 0) {
            notes.add("Memory is not known: this machine has no /proc.");
        }
        if (serverKnown && server.startedWithin(YOUNG.plusSeconds(plan.seconds()))) {
            notes.add("The server has just started: under load one that runs on Java needs less CPU after %d s."
                            .formatted(YOUNG.toSeconds())
                    + " --warm-up %d waits for that.".formatted(YOUNG.toSeconds()));
        }
        if (seen.frames() == 0 && seen.bytes() > 0) {
            notes.add("The streams are not those of this run, so delay and losses are not known.");
        }
        return notes;
    }
}
