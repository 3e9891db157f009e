package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `bench` against a server of its own, and against one that runs.
class BenchIT {
    private static final Duration SOON = Duration.ofSeconds(300);
    private static final int VIEWERS = 12;
    private static final int PROBES = 4;
    private static final int SECONDS = 3;

    /// What `--json` says of each run.
    private static List<JsonNode> bench(String name, String... options) {
        var json = TestFiles.path(name + ".json");
        var arguments = new ArrayList<>(List.of("bench", "--json", json.toString(), "--kbps", "400"));
        arguments.addAll(List.of("--viewers", "" + VIEWERS, "--probes", "" + PROBES));
        arguments.addAll(List.of("--warm-up", "1", "--seconds", "" + SECONDS));
        arguments.addAll(List.of(options));
        Program.start(SluiceProcess.command(arguments.toArray(String[]::new))).succeeds(SOON);
        var runs = JsonMapper.builder().build().readTree(TestFiles.read(json)).get("runs");
        return runs.valueStream().toList();
    }

    /// Loose where a busy machine may be slow, strict where a number can only be right or wrong.
    private static void isPlausible(JsonNode run) {
        assertThat(run.at("/viewers/live").asInt()).isEqualTo(VIEWERS);
        assertThat(run.at("/viewers/failures").size()).isZero();
        assertThat(run.at("/frames/corrupt").asLong()).isZero();
        assertThat(run.at("/frames/lost").asLong()).isZero();
        // 30 video and 46.9 audio frames a second for each viewer.
        assertThat(run.at("/frames/received").asDouble())
                .isBetween(VIEWERS * SECONDS * 40.0, VIEWERS * SECONDS * 130.0);
        // 400 kbit/s video, 128 audio, and what the protocol adds.
        assertThat(run.at("/delivered/gbps").asDouble() / VIEWERS * 1e6).isBetween(300.0, 900.0);
        assertThat(run.at("/delayMs/count").asLong()).isPositive();
        assertThat(run.at("/delayMs/p50").asDouble()).isBetween(0.01, 2_000.0);
        assertThat(run.at("/delayMs/p99").asDouble())
                .isGreaterThanOrEqualTo(run.at("/delayMs/p50").asDouble());
        assertThat(run.at("/joinMs/count").asInt()).isEqualTo(PROBES);
        assertThat(run.at("/timeline").size()).isEqualTo(SECONDS);
    }

    @Test
    void startsItsOwnServerAndMeasuresEachProtocolOnIt() {
        var page = TestFiles.path("bench-own.html");

        var runs = bench("bench-own", "--protocol", "rtmp,http-flv,ws-fmp4", "--html", page.toString());

        assertThat(runs.stream().map(run -> run.get("protocol").asString()))
                .containsExactly("rtmp", "http-flv", "ws-fmp4");
        assertThat(runs).allSatisfy(run -> {
            isPlausible(run);
            assertThat(run.at("/server/cpuSeconds").asDouble()).isPositive();
            assertThat(run.at("/server/residentMib").asDouble()).isPositive();
        });
        assertThat(TestFiles.read(page))
                .startsWith("<!doctype html>")
                .contains("<polyline")
                .endsWith("</html>\n");
    }

    @Test
    void measuresAServerThatRunsAndFindsHowManyItHolds() {
        try (var server = SluiceProcess.serve()) {
            var target = "rtmp://127.0.0.1:" + server.rtmpPort() + "/live";
            var pid = "" + server.pid();

            assertThat(bench("bench-running", "--target", target, "--pid", pid, "--publishers", "1"))
                    .singleElement()
                    .satisfies(BenchIT::isPlausible);
            var found = bench("bench-max", "--target", target, "--find-max", "--max-viewers", "24");
            assertThat(found)
                    .singleElement()
                    .satisfies(
                            run -> assertThat(run.at("/viewers/asked").asInt()).isBetween(VIEWERS, 24));
        }
    }

    @Test
    void refusesAPublicAddressAndTooLargeALoad() {
        var publicAddress = Program.start(SluiceProcess.command("bench", "--target", "rtmp://192.0.2.1/live"));
        assertThat(publicAddress.exitCode(SOON)).isEqualTo(1);
        assertThat(publicAddress.output()).contains("--yes");

        var tooLarge = Program.start(SluiceProcess.command("bench", "--viewers", "100000"));
        assertThat(tooLarge.exitCode(SOON)).isEqualTo(1);
        assertThat(tooLarge.output()).contains("--unbounded");
    }
}
