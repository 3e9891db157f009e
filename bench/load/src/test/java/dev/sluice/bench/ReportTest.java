package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static RunResult result(String protocol, String failure) {
        var delays = new Histogram();
        LongStream.rangeClosed(1, 1_000).forEach(ms -> delays.add(ms * 1_000_000));
        return new RunResult(
                protocol,
                1,
                2_000,
                30,
                2,
                new RunResult.Delivered(1.2, 0.6, 0.998),
                new RunResult.ServerCost(List.of(7L), 0.1, 0.2, 0.3, 15, 0.25, 100, 110, 34.1),
                RunResult.Spread.of(delays),
                null,
                new RunResult.Viewers(301, 300, 1, 0, Map.of(failure, 1)),
                new RunResult.Frames(1_000, 3, 0.3, 0, 0, 0, 500),
                new RunResult.LoadCost(20, 10),
                List.of(new RunResult.Second(1, 0.6, 15, 1, 2, 110), new RunResult.Second(2, 0.6, 15, 1, 2, 110)),
                List.of("a note"));
    }

    private static BenchReport report(String failure) {
        return new BenchReport(
                new BenchReport.About("local", "2026-01-01T00:00:00Z", "0"),
                List.of(result("rtmp", failure), result("http-flv", failure)),
                List.of(new BenchReport.Search(
                        "rtmp", 300, false, List.of(new BenchReport.Search.Tried(300, 0.3, 0, 9.5, 15)))));
    }

    @Test
    void aTableHasOneColumnPerProtocolAndSaysWhatFailed() {
        var lines = TextTable.of(report("refused"));

        assertThat(lines.getFirst()).contains("rtmp").contains("http-flv");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).matches("CPU-seconds per Gbit +0\\.250 +0\\.250"))
                .anySatisfy(line -> assertThat(line).matches("delay p50 / p99 / p999 +50\\d\\.\\d / 99\\d\\.\\d / .*"))
                .anySatisfy(line -> assertThat(line).matches("join to key frame p50 / p99 +- +-"))
                .contains("! 1 viewers failed: refused", "! a note")
                .anySatisfy(line -> assertThat(line).startsWith("rtmp: at most 300 viewers, the most"));
    }

    @Test
    void thePageNeedsNothingElseAndEscapesWhatTheServerSaid() {
        var page = HtmlPage.of(report("<script>alert(1)</script>"));

        assertThat(page)
                .doesNotContain("<script")
                .contains("&lt;script&gt;")
                .doesNotContainPattern("(src|href)=")
                .doesNotContain("NaN")
                .contains("<polyline class=\"s1\"");
    }
}
