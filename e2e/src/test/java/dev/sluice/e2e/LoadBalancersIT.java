package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The configurations of `docs/guide/load-balancers.md`, in the programs that they are for.
class LoadBalancersIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Path GUIDE = Path.of("../docs/guide/load-balancers.md");
    /// What the balancers connect from, so that the other programs of this machine need no header.
    private static final String BALANCER = "127.0.0.9";

    private static final String CLIENT = "127.0.0.3";

    private static SluiceProcess server() {
        return SluiceProcess.serve("--set", "sharedPorts=[0]", "--set", "proxyProtocol.from=[" + BALANCER + "]");
    }

    @Test
    void haproxyTellsTheAddressAndEndsTls() throws IOException {
        int plain = freePort();
        int secure = freePort();
        var certificate = new Certificates("haproxy").sign("site.pem", "localhost", "rsa:2048");
        try (var server = server()) {
            var text = block("haproxy")
                    .replace("bind :1935", "bind 127.0.0.1:" + plain)
                    .replace("bind :443", "bind 127.0.0.1:" + secure)
                    .replace("/etc/haproxy/site.pem", certificate.toString())
                    .replace(
                            "192.0.2.10:1935 send-proxy-v2",
                            "127.0.0.1:" + server.port("shared") + " send-proxy-v2 source " + BALANCER);
            var file = TestFiles.write("haproxy.cfg", text);
            try (var haproxy = Program.start(List.of("/usr/sbin/haproxy", "-db", "-f", file.toString()))) {
                carries(server, "rtmp://127.0.0.1:" + plain, "http://127.0.0.1:" + plain);
                carries(server, "rtmps://127.0.0.1:" + secure, "https://127.0.0.1:" + secure);
                assertThat(haproxy.isRunning()).isTrue();
            }
        }
    }

    @Test
    void nginxTellsTheAddressAndPassesTlsThrough() throws IOException {
        int port = freePort();
        try (var server = server()) {
            var stream = block("nginx")
                    .replace("listen 1935;", "listen 127.0.0.1:" + port + "; proxy_bind " + BALANCER + ";")
                    .replace("192.0.2.10:1935", "127.0.0.1:" + server.port("shared"));
            var folder = TestFiles.folder("nginx-stream");
            var text = "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\ndaemon off;\npid " + folder
                    + "/pid;\nerror_log stderr;\nevents {}\n" + stream;
            var file = TestFiles.write("nginx-stream.conf", text);
            try (var nginx =
                    Program.start(List.of("/usr/sbin/nginx", "-p", folder.toString(), "-c", file.toString()))) {
                carries(server, "rtmp://127.0.0.1:" + port, "http://127.0.0.1:" + port);
                carries(server, "rtmps://127.0.0.1:" + port, "https://127.0.0.1:" + port);
                assertThat(nginx.isRunning()).isTrue();
            }
        }
    }

    /// Who is no balancer cannot say that he is somebody else; nor does he do harm with half a header.
    @Test
    void aHeaderOfAStrangerEndsItsConnectionOnly() {
        try (var server = server();
                var canary = new Canary(server, "canary-proxy")) {
            var headers = List.of(
                    "PROXY TCP4 192.0.2.66 127.0.0.1 5000 1935\r\n", "PROXY what?\r\n", "PROXY " + "9".repeat(200));
            for (var header : headers) {
                try (var stranger = RawRtmp.open(server.port("shared"))) {
                    stranger.send((header + "\u0003").getBytes(StandardCharsets.US_ASCII));
                    stranger.expectClosed(SOON);
                }
            }
            Wait.until("each of them is counted", SOON, () -> server.hits("proxy-header") == headers.size());
            assertThat(server.log()).doesNotContain("192.0.2.66");
            canary.assertUnharmed();
        }
    }

    /// The program that follows is ours; others hear where to go.
    @Test
    void anApplicationCanSendItsClientsElsewhere() {
        try (var origin = server();
                var front = SluiceProcess.serve("--set", "apps.live.rtmp.redirect=" + origin.rtmp("live"));
                var publisher = Ffmpeg.publish(Clips.small(), origin.rtmp("live/cam"))) {
            origin.awaitLive("live/cam");
            var address = front.rtmp("live/cam");
            try (var probe = Program.start(SluiceProcess.command("probe", address, "--seconds", "2"))) {
                assertThat(probe.exitCode(SOON)).as(probe.output()).isZero();
                assertThat(probe.output()).contains("H.264");
            }
            try (var old = Ffmpeg.startOld("-i", address, "-f", "null", "-")) {
                assertThat(old.exitCode(SOON)).isNotZero();
                assertThat(old.output()).contains("this application is at " + origin.rtmp("live"));
            }
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    /// Publishes over one address, and plays over both; the second player comes from an address that can be told.
    private static void carries(SluiceProcess server, String rtmp, String http) {
        var stream = "live/" + rtmp.replaceAll("\\W", "");
        Wait.until("the balancer listens", SOON, () -> curl(http + "/").output().contains("<html"));
        try (var publisher = Ffmpeg.publish(Clips.small(), rtmp + "/" + stream)) {
            server.awaitLive(stream);
            assertThat(Ffmpeg.tracks(rtmp + "/" + stream)).contains("h264,160,90", "aac");
            try (var player = curl(http + "/" + stream + ".flv")) {
                server.awaitLog("protocol=http-flv remote=" + CLIENT.replace(".", "\\."), SOON);
                assertThat(player.isRunning()).isTrue();
            }
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    private static Program curl(String url) {
        var program = Program.start(
                List.of(Program.installed("curl", "curl"), "-sk", "--max-time", "20", "--interface", CLIENT, url));
        if (!url.endsWith(".flv")) {
            program.exitCode(SOON);
        }
        return program;
    }

    private static String block(String language) {
        var block = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(TestFiles.read(GUIDE));
        assertThat(block.find()).as("a block for " + language).isTrue();
        return block.group(1);
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
