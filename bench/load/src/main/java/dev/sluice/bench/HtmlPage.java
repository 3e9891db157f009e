package dev.sluice.bench;

import dev.sluice.bench.SvgChart.Point;
import dev.sluice.bench.SvgChart.Series;
import dev.sluice.bench.SvgChart.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A report as one page that needs nothing else: table, and charts as inline SVG.
public final class HtmlPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --s0: #2a6fdb; --s1: #d9662b; --s2: #2b9a66; --s3: #a34bc2; --s4: #b58a00;
              --s5: #7a7a7a; }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
            table { border-collapse: collapse; } td, th { padding: .2rem 1.2rem .2rem 0; text-align: left; }
            tr { border-bottom: 1px solid #8884; } figure { margin: 2rem 0; } svg { width: 100%; max-width: 640px; }
            figcaption { font-weight: 600; } .grid { stroke: #8884; } text { font-size: 11px; fill: currentColor; }
            .y { text-anchor: end; } .x { text-anchor: middle; } polyline { fill: none; stroke-width: 2; }
            .legend span { margin-right: 1rem; font-weight: 600; }
            """
            + IntStream.range(0, 6)
                    .mapToObj(i -> "polyline.s%d { stroke: var(--s%d); } span.s%d { color: var(--s%d); }\n"
                            .formatted(i, i, i, i))
                    .collect(Collectors.joining());

    private HtmlPage() {}

    public static String of(BenchReport report) {
        var about = report.about();
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>sluice bench</title><style>"
                + STYLE + "</style></head><body>\n<h1>sluice bench</h1>\n<p>"
                + SvgChart.escape("%s, %s. Load by Sluice %s on %s, %s, %s."
                        .formatted(
                                about.target(),
                                about.at(),
                                about.version(),
                                about.machine(),
                                about.system(),
                                about.java()))
                + "</p>\n" + table(report) + notes(report) + charts(report) + "\n</body></html>\n";
    }

    private static String table(BenchReport report) {
        var table = new StringBuilder("<table><tr><th></th>");
        report.runs().forEach(run -> table.append("<th>").append(run.protocol()).append("</th>"));
        for (var row : TextTable.ROWS) {
            table.append("</tr>\n<tr><td>").append(SvgChart.escape(row.label())).append("</td>");
            report.runs()
                    .forEach(run -> table.append("<td>")
                            .append(SvgChart.escape(row.value().apply(run)))
                            .append("</td>"));
        }
        return table.append("</tr></table>\n").toString();
    }

    private static String notes(BenchReport report) {
        var notes = new ArrayList<String>();
        report.searches().forEach(search -> notes.add(TextTable.sentence(search)));
        report.runs().forEach(run -> notes.addAll(run.notes()));
        report.runs()
                .forEach(run -> run.viewers()
                        .failures()
                        .forEach((why, count) -> notes.add("%d viewers failed: %s".formatted(count, why))));
        return notes.stream()
                .map(note -> "<p>" + SvgChart.escape(note) + "</p>\n")
                .collect(Collectors.joining());
    }

    private static String charts(BenchReport report) {
        var charts = new ArrayList<SvgChart>();
        charts.add(delays(report));
        charts.add(timeline(report, "99 % of frames are younger than, each second", "ms", RunResult.Second::p99Ms));
        charts.add(timeline(report, "delivered, each second", "Gbit/s", RunResult.Second::gbps));
        charts.add(timeline(report, "CPU of the server, each second", "% of a core", RunResult.Second::cpuPercent));
        report.searches().forEach(search -> charts.add(search(search)));
        return charts.stream().map(SvgChart::svg).collect(Collectors.joining("\n"));
    }

    /// Each nine more is as wide as the one before.
    private static SvgChart delays(BenchReport report) {
        var ticks = List.of(
                new Tick(0, "0"),
                new Tick(nines(0.5), "50 %"),
                new Tick(nines(0.9), "90 %"),
                new Tick(nines(0.99), "99 %"),
                new Tick(nines(0.999), "99.9 %"),
                new Tick(nines(0.9999), "99.99 %"));
        var lines = new ArrayList<Series>();
        for (var run : report.runs()) {
            var delay = run.delayMs();
            if (delay != null) {
                lines.add(new Series(
                        run.protocol(),
                        delay.steps().stream()
                                .filter(step -> step.share() < 1)
                                .map(step -> new Point(nines(step.share()), step.ms()))
                                .toList()));
            }
        }
        return new SvgChart("Delay by share of frames", "ms", ticks, lines);
    }

    private static double nines(double share) {
        return -Math.log10(1 - share);
    }

    private static SvgChart timeline(
            BenchReport report, String title, String unit, ToDoubleFunction<RunResult.Second> value) {
        var lines = report.runs().stream()
                .map(run -> new Series(
                        run.protocol(),
                        run.timeline().stream()
                                .map(second -> new Point(second.second(), value.applyAsDouble(second)))
                                .toList()))
                .toList();
        long last = report.runs().stream()
                .mapToLong(run -> run.timeline().size())
                .max()
                .orElse(1);
        long step = Math.max(1, last / 8);
        var ticks = new ArrayList<Tick>();
        for (long second = 1; second <= last; second += step) {
            ticks.add(new Tick(second, second + " s"));
        }
        return new SvgChart(title, unit, ticks, lines);
    }

    private static SvgChart search(BenchReport.Search search) {
        var tried = search.tried().stream()
                .sorted((a, b) -> Integer.compare(a.viewers(), b.viewers()))
                .toList();
        return new SvgChart(
                search.protocol() + ": late frames by number of viewers",
                "%",
                tried.stream()
                        .map(run -> new Tick(run.viewers(), "" + run.viewers()))
                        .toList(),
                List.of(new Series(
                        "late",
                        tried.stream()
                                .map(run -> new Point(run.viewers(), run.latePercent()))
                                .toList())));
    }
}
