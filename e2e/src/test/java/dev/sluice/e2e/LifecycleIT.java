package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Starting, stopping, and what is said when it cannot be.
class LifecycleIT {
    private static final Duration SOON = Duration.ofSeconds(15);

    @Test
    void sigtermEndsPublishersAndViewersCleanlyWithinFiveSeconds() {
        try (var server = SluiceProcess.serve();
                var publisher = Ffmpeg.publish(Clips.minute(), server.rtmp("live/stop"))) {
            server.awaitLive("live/stop");
            try (var rtmp = Ffmpeg.hash(server.rtmp("live/stop"), TestFiles.path("stop-rtmp.md5"));
                    var flv = Ffmpeg.hash(server.flv("live/stop"), TestFiles.path("stop-flv.md5"))) {
                server.awaitLog("session.play .*protocol=rtmp|session.play (.|\\n)*session.play", SOON);
                server.terminate();
                assertThat(server.endsWithin(Duration.ofSeconds(5)))
                        .as("gone within 5 s")
                        .isTrue();
                assertThat(server.exitCode()).isZero();
                rtmp.succeeds(SOON);
                flv.succeeds(SOON);
                publisher.exitCode(SOON);
            }
            assertThat(server.log()).containsPattern("session.end .*reason=server_stopping");
        }
    }

    @Test
    void sigtermTellsEncodersBeforeItCloses() {
        try (var server = SluiceProcess.serve();
                var encoder = RawRtmp.open(server.rtmpPort())
                        .handshake()
                        .connect("live")
                        .createStream()) {
            encoder.publish("told");
            encoder.expect("NetStream.Publish.Start");
            server.terminate();
            encoder.expect("NetStream.Unpublish.Success").expectClosed(Duration.ofSeconds(5));
            assertThat(server.endsWithin(Duration.ofSeconds(5)))
                    .as("gone within 5 s")
                    .isTrue();
        }
    }

    /// A viewer that does not read makes the orderly stop take a while.
    @Test
    void aSecondSignalEndsItAtOnce() {
        try (var server = SluiceProcess.serve();
                var publisher = Ffmpeg.publish(Clips.heavy(), server.rtmp("live/stop"))) {
            server.awaitLive("live/stop");
            try (var frozen = RawRtmp.open(server.rtmpPort(), 4096)) {
                frozen.handshake().connect("live").createStream().play("stop");
                server.awaitLog("session.play ", SOON);
                var pid = Long.toString(server.pid());
                Program.start(List.of("/bin/sh", "-c", "kill -TERM " + pid + "; kill -INT " + pid))
                        .succeeds(SOON);
                assertThat(server.endsWithin(Duration.ofSeconds(5))).as("gone").isTrue();
                assertThat(server.exitCode())
                        .as("128 and the number of the signal that came second; 0 is the orderly stop")
                        .isIn(130, 143);
            }
            publisher.exitCode(SOON);
        }
    }

    @Test
    void aTakenPortIsNamedWithTheWayOut() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            try (var server = Program.start(SluiceProcess.command("serve", "--rtmp", port, "--http", "0"))) {
                assertThat(server.exitCode(SOON)).isNotZero();
                assertThat(server.output())
                        .contains("port " + port)
                        .contains("--rtmp")
                        .doesNotContain("\tat ");
            }
            try (var server = Program.start(SluiceProcess.command("serve", "--rtmp", "0", "--http", port))) {
                assertThat(server.exitCode(SOON)).isNotZero();
                assertThat(server.output())
                        .contains("port " + port)
                        .contains("--http")
                        .doesNotContain("\tat ");
            }
        }
    }

    /// A listening socket that others may share would let a second server in silently, and half of the publishers and
    /// viewers would find the wrong one.
    @Test
    void aSecondServerOnTheSamePortsIsRefusedAndTheFirstGoesOn() {
        try (var first = SluiceProcess.serve()) {
            var rtmp = Integer.toString(first.rtmpPort());
            var http = Integer.toString(first.httpPort());
            for (var transport : List.of("epoll", "nio", "io-uring")) {
                var command = SluiceProcess.command(
                        "serve", "--rtmp", rtmp, "--http", http, "--set", "sockets.transport=" + transport);
                try (var second = Program.start(command)) {
                    assertThat(second.exitCode(SOON)).as(transport).isNotZero();
                    assertThat(second.output())
                            .contains("port " + rtmp + " is taken (address already in use)")
                            .contains("--rtmp")
                            .doesNotContain("\tat ");
                }
            }
            try (var client = RawRtmp.open(first.rtmpPort(), 4096)) {
                client.handshake().connect("live");
            }
        }
    }

    @Test
    void port0TakesAFreeOneAndTheReadyLineNamesIt() {
        try (var one = SluiceProcess.serve();
                var other = SluiceProcess.serve()) {
            assertThat(List.of(one.rtmpPort(), one.httpPort(), other.rtmpPort(), other.httpPort()))
                    .doesNotHaveDuplicates()
                    .allSatisfy(port -> assertThat(port).isBetween(1024, 65_535));
            assertThat(one.printed())
                    .isEqualTo("sluice ready rtmp=127.0.0.1:%d http=127.0.0.1:%d pid=%d\n"
                            .formatted(one.rtmpPort(), one.httpPort(), one.pid()));
        }
    }

    @Test
    void versionSaysWhichSluiceOnWhichJava() {
        assertThat(run("version").succeeds(SOON).output())
                .containsPattern("^sluice \\d+\\.\\d+")
                .contains("Java 25");
    }

    @Test
    void everyCommandHelps() {
        for (var command : List.of("serve", "demo", "check-config", "version")) {
            assertThat(run(command, "--help").succeeds(SOON).output()).contains("Usage: sluice " + command);
        }
        assertThat(run("--help").succeeds(SOON).output())
                .contains("serve")
                .contains("demo")
                .contains("check-config");
    }

    @Test
    void checkConfigNamesFileLineKeyAndTheNearestKnownKey() {
        var file = TestFiles.write("bad.yaml", "http:\n  prot: 1\n");
        var check = run("check-config", file.toString());
        assertThat(check.exitCode(SOON)).isNotZero();
        assertThat(check.output())
                .contains("bad.yaml:2")
                .contains("http.prot")
                .contains("http.port")
                .doesNotContain("\tat ");
    }

    @Test
    void checkConfigNamesAWrongValueAndServeRefusesIt() {
        var file = TestFiles.write("wrong.yaml", "# a comment\nrtmp:\n  port: abc\n");
        for (var check : List.of(run("check-config", file.toString()), run("serve", "-c", file.toString()))) {
            assertThat(check.exitCode(SOON)).isNotZero();
            assertThat(check.output())
                    .contains("wrong.yaml:3")
                    .contains("rtmp.port")
                    .contains("abc");
        }
    }

    @Test
    void checkConfigAcceptsAGoodFile() {
        var file = TestFiles.write("good.yaml", "http: { port: 8081 }\napps: { live: { listed: true } }\n");
        run("check-config", file.toString()).succeeds(SOON);
    }

    private static Program run(String... arguments) {
        return Program.start(SluiceProcess.command(arguments));
    }
}
