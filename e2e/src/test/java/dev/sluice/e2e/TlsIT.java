package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// TLS around everything, with programs that we did not write.
class TlsIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String TLS_FAILED = "TLS failed: ";

    private static String tls(SluiceProcess server, String stream) {
        return server.rtmp(stream).replace("rtmp://", "rtmps://");
    }

    @Test
    void ffmpegOldAndNewPublishAndPlayEveryPacketOverTls() {
        var clip = Clips.short10s();
        var oldHashes = TestFiles.path("tls-old.md5");
        var newHashes = TestFiles.path("tls-new.md5");
        try (var server = SluiceProcess.serve();
                var oldPublisher = Ffmpeg.startOld(Ffmpeg.publishing(clip, tls(server, "live/old")));
                var newPublisher = Ffmpeg.publish(clip, tls(server, "live/new"))) {
            server.awaitLive("live/old");
            server.awaitLive("live/new");
            try (var oldPlayer = Ffmpeg.startOld(Ffmpeg.hashing(tls(server, "live/old"), oldHashes));
                    var newPlayer = Ffmpeg.hash(tls(server, "live/new"), newHashes)) {
                for (var program : List.of(oldPublisher, newPublisher, oldPlayer, newPlayer)) {
                    program.succeeds(SOON);
                }
            }
            assertThat(server.log()).contains("tls.self-signed sha256=");
        }
        var source = Ffmpeg.hashesOf(clip);
        Recording.read(oldHashes).isTailOf(source, "video");
        Recording.read(newHashes).isTailOf(source, "video");
    }

    @Test
    void pagesAndMediaComeOverTlsToo() {
        try (var server = SluiceProcess.serve();
                var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/t"))) {
            server.awaitHls("live/t");
            var base = "https://127.0.0.1:" + server.httpPort();
            assertThat(curl(base + "/")).contains("<html");
            assertThat(curl(base + "/live/t/index.m3u8")).startsWith("#EXTM3U");
            assertThat(curl(base + "/nothing/here", "-H", "Connection: close")).contains("nothing is served");
            assertThat(Ffmpeg.tracks(base + "/live/t.flv")).containsExactlyInAnyOrder("h264,160,90", "aac");
            publisher.terminate();
        }
    }

    private static String curl(String url, String... more) {
        var command = new ArrayList<>(List.of(Program.installed("curl", "curl"), "-sSk", "--max-time", "20", url));
        command.addAll(List.of(more));
        return Program.start(command).succeeds(SOON).output();
    }

    @Test
    void theNameChoosesTheCertificateAndANewFileServesNewConnectionsWhileStreamsRun() throws IOException {
        var made = new Certificates("tls-names");
        var first = made.sign("first.pem", "first.example", "rsa:2048");
        var second = made.sign("second.pem", "second.example", "ec");
        var third = made.sign("third.pem", "third.example", "ec");
        var hashes = TestFiles.path("tls-through.md5");
        try (var server = SluiceProcess.serve(
                        "--set", "tls.certificates=[" + first + ", " + second + "]", "--set", "tls.reloadMs=200");
                var publisher = Ffmpeg.publish(Clips.small(), tls(server, "live/t"))) {
            server.awaitLive("live/t");
            assertThat(Certificates.shown(server.rtmpPort(), "second.example")).contains("subject=CN = second.example");
            assertThat(Certificates.shown(server.rtmpPort(), "")).contains("subject=CN = first.example");
            assertThat(Certificates.shown(server.httpPort(), "other.example", "-tls1_2"))
                    .contains("subject=CN = first.example", "Protocol  : TLSv1.2");
            assertThat(Certificates.shown(server.rtmpPort(), "", "-tls1_1")).doesNotContain("subject=CN");
            var through = Ffmpeg.hash(tls(server, "live/t"), hashes);
            server.awaitLog("session.play .*stream=live/t", SOON);

            Files.copy(third, second, StandardCopyOption.REPLACE_EXISTING);
            Wait.until(
                    "the new certificate is shown",
                    SOON,
                    () -> Certificates.shown(server.rtmpPort(), "third.example")
                            .contains("subject=CN = third.example"));
            Files.writeString(second, "broken");
            server.awaitLog("tls.reload failed, the certificates from before stay: .*second.pem", SOON);

            assertThat(Certificates.shown(server.rtmpPort(), "third.example")).contains("subject=CN = third.example");
            assertThat(Ffmpeg.tracks(tls(server, "live/t"))).contains("h264,160,90", "aac");
            assertThat(publisher.isRunning()).isTrue();
            assertThat(through.isRunning()).isTrue();
            publisher.terminate();
            publisher.exitCode(SOON);
            through.succeeds(SOON);
        }
        var source = Ffmpeg.hashesOf(Clips.small());
        Recording.read(hashes).isRunOf(source, "video");
        Recording.read(hashes).isRunOf(source, "audio");
    }

    /// With TLS 1.3 they come behind the handshake, and librtmp stumbles over them.
    @Test
    void ticketsGoToWhoCanUseThem() throws IOException {
        try (var server = SluiceProcess.serve()) {
            assertThat(ticketsSent(server, "-tls1_3 -alpn http/1.1")).isPositive();
            assertThat(ticketsSent(server, "-tls1_3")).isZero();
            assertThat(ticketsSent(server, "-tls1_2")).isPositive();
        }
        try (var server = SluiceProcess.serve("--set", "tls.resumeS=0")) {
            assertThat(ticketsSent(server, "-tls1_3 -alpn http/1.1")).isZero();
            assertThat(ticketsSent(server, "-tls1_2")).isZero();
        }
    }

    /// The library sends tickets with the first answer, so there has to be one.
    private static long ticketsSent(SluiceProcess server, String options) {
        var request = TestFiles.write("tls-request", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        var client = Program.start(List.of(
                "sh",
                "-c",
                Program.installed("openssl", "openssl") + " s_client -ign_eof -connect 127.0.0.1:" + server.httpPort()
                        + " " + options + " < " + request));
        client.exitCode(SOON);
        assertThat(client.output()).contains("200 OK");
        return client.output()
                .lines()
                .filter(line -> line.contains("TLS session ticket:"))
                .count();
    }

    @Test
    void sessionsAreResumed() {
        var made = new Certificates("tls-resume");
        var file = made.sign("a.pem", "a.example", "ec");
        try (var server = SluiceProcess.serve("--set", "tls.certificates=[" + file + "]")) {
            var session = made.file("session").toString();
            Certificates.shown(server.rtmpPort(), "a.example", "-tls1_2", "-sess_out", session);
            assertThat(Certificates.shown(server.rtmpPort(), "a.example", "-tls1_2", "-sess_in", session))
                    .contains("Reused, TLSv1.2");
        }
    }

    @Test
    void ourOwnClientChecksWhoAnswers() {
        var made = new Certificates("tls-client");
        var file = made.sign("a.pem", "localhost", "ec");
        try (var server = SluiceProcess.serve("--set", "tls.certificates=[" + file + "]");
                var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/t"))) {
            server.awaitLive("live/t");
            var url = tls(server, "live/t");
            var ca = made.authority().toString();
            eachProbeSays(
                    new Probe("H.264", url, "--ca", ca),
                    new Probe("H.264", url.replace("127.0.0.1", "localhost"), "--ca", ca),
                    new Probe(TLS_FAILED, url),
                    new Probe("H.264", url, "--insecure"));
            var tunnel = "rtmpts://localhost:" + server.httpPort() + "/live/t";
            var webSocket = "wss://localhost:" + server.httpPort() + "/live/t";
            eachProbeSays(
                    new Probe("H.264", tunnel, "--ca", ca),
                    new Probe(TLS_FAILED, tunnel),
                    new Probe("H.264", webSocket, "--ca", ca),
                    new Probe(TLS_FAILED, webSocket));
            assertThat(publisher.isRunning()).isTrue();
        }
        var elsewhere = made.sign("b.pem", "other.example", "ec");
        try (var server = SluiceProcess.serve("--set", "tls.certificates=[" + elsewhere + "]")) {
            var url = tls(server, "live/t").replace("127.0.0.1", "localhost");
            eachProbeSays(new Probe(TLS_FAILED, url, "--ca", made.authority().toString()));
        }
    }

    /// A `probe`, and what it has to say.
    private record Probe(String says, String... arguments) {
        Program start() {
            var all = new ArrayList<>(List.of("probe", "--seconds", "1"));
            all.addAll(List.of(arguments));
            return Program.start(SluiceProcess.command(all.toArray(String[]::new)));
        }
    }

    /// All at the same time.
    private static void eachProbeSays(Probe... probes) {
        var programs = Arrays.stream(probes).map(Probe::start).toList();
        try {
            for (int i = 0; i < probes.length; i++) {
                programs.get(i).exitCode(SOON);
                assertThat(programs.get(i).output())
                        .as("%s", List.of(probes[i].arguments()))
                        .contains(probes[i].says());
            }
        } finally {
            programs.forEach(Program::close);
        }
    }
}
