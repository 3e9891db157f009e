package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Runs a plan at one place after the other. For one thread, which waits here.
public final class Bench {
    /// Makes a load that publishes, with no viewers yet.
    @FunctionalInterface
    public interface Starter {
        /// @param run number of the run, in the marks of its frames
        Load start(BenchPlan plan, Place place, int run) throws LoadFailed, InterruptedException;
    }

    private final Starter starter;
    private final BooleanSupplier stopped;
    private final Consumer<String> progress;
    private final List<RunResult> runs = new ArrayList<>();
    private final List<BenchReport.Search> searches = new ArrayList<>();

    /// @param stopped tells when the user has enough
    /// @param progress is told in a few words what happens
    public Bench(Starter starter, BooleanSupplier stopped, Consumer<String> progress) {
        this.starter = starter;
        this.stopped = stopped;
        this.progress = progress;
    }

    /// One run with the viewers of the plan.
    public void measure(BenchPlan plan, Place place, ProcessMeter server) throws LoadFailed, InterruptedException {
        try (var load = starter.start(plan, place, Mark.newRun())) {
            runs.add(measurement(plan, place, server, load).run(plan.viewers()));
        }
    }

    /// As many runs as it takes to find the most viewers.
    ///
    /// @param most viewers per stream
    /// @param allowedPercent late frames below this are fine
    public void findMax(BenchPlan plan, Place place, ProcessMeter server, int most, double allowedPercent)
            throws LoadFailed, InterruptedException {
        try (var load = starter.start(plan, place, Mark.newRun())) {
            var measurement = measurement(plan, place, server, load);
            var found = new FindMax(plan.viewers(), most, allowedPercent, progress).find(measurement::run);
            runs.add(found.best());
            searches.add(BenchReport.Search.of(found));
        }
    }

    private Measurement measurement(BenchPlan plan, Place place, ProcessMeter server, Load load) {
        return new Measurement(plan, place.protocol(), load, server, stopped, progress);
    }

    public BenchReport report(BenchReport.About about) {
        return new BenchReport(about, runs, searches);
    }
}
