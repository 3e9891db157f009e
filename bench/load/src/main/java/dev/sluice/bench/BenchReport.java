package dev.sluice.bench;

import java.util.List;

/// All that a bench has shown; its names are those of `--json`.
///
/// @param about where and how it was measured
/// @param runs one per protocol; with `--find-max` the largest good one of each
/// @param searches how `--find-max` went, one per protocol; empty without it
public record BenchReport(About about, List<RunResult> runs, List<Search> searches) {
    public BenchReport {
        runs = List.copyOf(runs);
        searches = List.copyOf(searches);
    }

    /// @param target as the user named it, or `local` for a server that the bench started
    /// @param at date and time, ISO 8601
    /// @param java of this program
    public record About(String target, String at, String version, String machine, String system, String java) {
        public About(String target, String at, String version) {
            this(
                    target,
                    at,
                    version,
                    Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.arch"),
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        }
    }

    /// @param viewers the most, in all, with few late frames; 0 if the first try was too much
    /// @param isLimit whether more were tried and too many
    /// @param tried every run
    public record Search(String protocol, int viewers, boolean isLimit, List<Tried> tried) {
        public record Tried(int viewers, double latePercent, double lostPercent, double p99Ms, double cpuPercent) {
            static Tried of(RunResult run) {
                var delay = run.delayMs();
                var server = run.server();
                return new Tried(
                        run.viewers().asked(),
                        run.frames().latePercent(),
                        run.frames().lostPercent(),
                        delay == null ? 0 : delay.p99(),
                        server == null ? 0 : server.cpuPercent());
            }
        }

        public static Search of(FindMax.Found found) {
            return new Search(
                    found.best().protocol(),
                    found.good() ? found.best().viewers().asked() : 0,
                    found.isLimit(),
                    found.trials().stream().map(Tried::of).toList());
        }
    }
}
