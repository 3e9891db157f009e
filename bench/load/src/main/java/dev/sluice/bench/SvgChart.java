package dev.sluice.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/// A line chart as inline SVG, in the colours of the page around it.
///
/// @param title above the chart
/// @param unit of the values
/// @param ticks places on the x axis with their labels
/// @param series lines
record SvgChart(String title, String unit, List<Tick> ticks, List<Series> series) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 240;
    private static final int LEFT = 56;
    private static final int BOTTOM = 28;
    private static final int TOP = 12;
    private static final int LINES = 4;

    record Tick(double x, String label) {}

    record Point(double x, double y) {}

    record Series(String name, List<Point> points) {}

    /// From zero to a round number above the largest value.
    private double top() {
        double largest = series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::y)
                .max()
                .orElse(0);
        if (largest <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(largest)));
        for (double step : new double[] {1, 2, 4, 5, 8, 10}) {
            if (largest <= step * power) {
                return step * power;
            }
        }
        return largest;
    }

    private double edge(boolean right) {
        var all = series.stream().flatMap(line -> line.points().stream()).mapToDouble(Point::x);
        return right ? all.max().orElse(1) : all.min().orElse(0);
    }

    String svg() {
        double from = edge(false);
        double to = Math.max(edge(true), from + 1e-9);
        double top = top();
        DoubleUnaryOperator x = value -> LEFT + (value - from) / (to - from) * (WIDTH - LEFT - 12);
        DoubleUnaryOperator y = value -> HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP);
        var svg = new StringBuilder("<figure><figcaption>%s, %s</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\">"
                .formatted(escape(title), escape(unit), WIDTH, HEIGHT));
        for (int i = 0; i <= LINES; i++) {
            double value = top * i / LINES;
            svg.append(number(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, WIDTH - 12, y.applyAsDouble(value), y.applyAsDouble(value)));
            svg.append(number(
                    "<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>",
                    LEFT - 6, y.applyAsDouble(value) + 4, shortNumber(value)));
        }
        for (var tick : ticks) {
            svg.append(number(
                    "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s</text>",
                    x.applyAsDouble(tick.x()), HEIGHT - 8, escape(tick.label())));
        }
        for (int i = 0; i < series.size(); i++) {
            svg.append(line(series.get(i), i, x, y));
        }
        return svg.append("</svg>").append(legend()).append("</figure>").toString();
    }

    private static String line(Series line, int number, DoubleUnaryOperator x, DoubleUnaryOperator y) {
        return line.points().stream()
                .map(point -> number("%.1f,%.1f", x.applyAsDouble(point.x()), y.applyAsDouble(point.y())))
                .collect(Collectors.joining(" ", "<polyline class=\"s" + number % 6 + "\" points=\"", "\"/>"));
    }

    private String legend() {
        var legend = new StringBuilder("<p class=\"legend\">");
        for (int i = 0; i < series.size(); i++) {
            legend.append("<span class=\"s")
                    .append(i % 6)
                    .append("\">")
                    .append(escape(series.get(i).name()))
                    .append("</span> ");
        }
        return legend.append("</p>").toString();
    }

    private static String shortNumber(double value) {
        return value == Math.rint(value) ? number("%.0f", value) : number("%.3g", value);
    }

    private static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
