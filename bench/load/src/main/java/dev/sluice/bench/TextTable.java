package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A report as lines for the terminal: one column per run.
public final class TextTable {
    private static final int LABEL_WIDTH = 32;
    private static final int COLUMN_WIDTH = 24;

    private TextTable() {}

    /// A line of the table.
    record Row(String label, Function<RunResult, String> value) {}

    static final List<Row> ROWS = List.of(
            new Row(
                    "streams × viewers",
                    run -> "%d × %d"
                            .formatted(run.publishers(), run.viewers().asked() / Math.max(1, run.publishers()))),
            new Row(
                    "viewers live, failed, let go",
                    run -> "%d, %d, %d"
                            .formatted(
                                    run.viewers().live(),
                                    run.viewers().failed(),
                                    run.viewers().ended())),
            new Row("delivered", run -> number("%.3f Gbit/s", run.delivered().gbps())),
            new Row(
                    "frames that came, of those due",
                    run -> run.delivered().share() == 0
                            ? "-"
                            : number("%.2f %%", 100 * run.delivered().share())),
            new Row("delay p50 / p99 / p999", run -> spread(run.delayMs(), true)),
            new Row("join to key frame p50 / p99", run -> spread(run.joinMs(), false)),
            new Row("frames late, lost, corrupt", TextTable::frames),
            new Row("server CPU", run -> cost(run, cost -> number("%.1f %% of a core", cost.cpuPercent()))),
            new Row("CPU-seconds per Gbit", run -> cost(run, cost -> number("%.3f", cost.cpuSecondsPerGbit()))),
            new Row("server memory before / after", run -> cost(run, TextTable::memory)),
            new Row(
                    "memory per viewer",
                    run -> cost(run, cost -> cost.residentMib() == 0 ? "-" : number("%.1f KiB", cost.kibPerViewer()))),
            new Row(
                    "load's own CPU",
                    run -> number("%.1f %% of a core", run.load().cpuPercent())));

    /// The lines.
    public static List<String> of(BenchReport report) {
        var lines = new ArrayList<String>();
        lines.add(line("", report.runs().stream().map(RunResult::protocol).toList()));
        for (var row : ROWS) {
            lines.add(line(row.label(), report.runs().stream().map(row.value()).toList()));
        }
        report.searches().forEach(search -> lines.add(sentence(search)));
        report.runs().forEach(run -> run.notes().forEach(note -> lines.add("! " + note)));
        report.runs()
                .forEach(run -> run.viewers()
                        .failures()
                        .forEach((why, count) -> lines.add("! %d viewers failed: %s".formatted(count, why))));
        return lines.stream().distinct().toList();
    }

    private static String line(String label, List<String> values) {
        var line = new StringBuilder(pad(label, LABEL_WIDTH));
        values.forEach(value -> line.append(pad(value, COLUMN_WIDTH)));
        return line.toString().stripTrailing();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    static String sentence(BenchReport.Search search) {
        if (search.viewers() == 0) {
            return search.protocol() + ": already the first number of viewers was too many";
        }
        return search.protocol() + ": at most " + search.viewers() + " viewers"
                + (search.isLimit() ? "" : ", the most that was allowed; there may be room for more");
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String spread(RunResult.@Nullable Spread spread, boolean withTail) {
        if (spread == null) {
            return "-";
        }
        return number("%.1f", spread.p50())
                + number(" / %.1f", spread.p99())
                + (withTail ? number(" / %.1f", spread.p999()) : "")
                + " ms";
    }

    private static String frames(RunResult run) {
        var frames = run.frames();
        return number("%.2f %%, ", frames.latePercent()) + frames.lost() + ", " + frames.corrupt();
    }

    private static String memory(RunResult.ServerCost cost) {
        return cost.residentMib() == 0
                ? "-"
                : number("%.1f", cost.residentBeforeMib()) + number(" / %.1f MiB", cost.residentMib());
    }

    private static String cost(RunResult run, Function<RunResult.ServerCost, String> value) {
        var cost = run.server();
        return cost == null ? "-" : value.apply(cost);
    }
}
