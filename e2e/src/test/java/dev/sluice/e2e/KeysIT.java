package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A server that other machines may reach: who may publish has to be said, and a key stays a secret.
class KeysIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String SECRET = "correct-horse-battery-staple";
    private static final String CONFIGURATION = """
            listen: 0.0.0.0
            publish: keys
            apps:
              live:
                listed: true
                keys: { show: %1$s, other: another-secret-of-ours }
              hidden:
                keys: { private: %1$s }
            """.formatted(SECRET);

    @AutoClose
    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(
                "-c", TestFiles.write("keys.yaml", CONFIGURATION).toString());
    }

    @Test
    void listeningWidelyWithoutSayingWhoMayPublishIsRefused() {
        try (var refused =
                Program.start(SluiceProcess.command("serve", "--listen", "0.0.0.0", "--rtmp", "0", "--http", "0"))) {
            assertThat(refused.exitCode(SOON)).isNotZero();
            assertThat(refused.output())
                    .contains("publish: keys")
                    .contains("publish: open")
                    .contains("--set publish=open")
                    .doesNotContain("sluice ready");
        }
    }

    @Test
    void theRightKeyPublishesUnderThePublicNameAndIsSeenNowhere() {
        var hashes = TestFiles.path("keys.md5");
        try (var publisher = Ffmpeg.publish(Clips.short10s(), server.rtmp("live/show?key=" + SECRET))) {
            server.awaitLive("live/show");
            try (var player = Ffmpeg.hash(server.rtmp("live/show"), hashes)) {
                server.awaitHls("live/show");
                for (var path : List.of("/", "/-/streams.json", "/live/show/index.m3u8")) {
                    assertThat(RawHttp.get(server.httpPort(), path).body()).doesNotContain(SECRET);
                }
                publisher.succeeds(Duration.ofSeconds(30));
                player.succeeds(SOON);
            }
        }
        Recording.read(hashes).isTailOf(Ffmpeg.hashesOf(Clips.short10s()), "video");
        assertThat(server.log()).contains("stream=live/show").doesNotContain(SECRET);
    }

    @Test
    void aWrongKeyIsRefusedWithAReasonThatEncodersShow() {
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/other?key=wrong-guess"))) {
            assertThat(publisher.exitCode(SOON)).isNotZero();
            assertThat(publisher.output()).contains("needs its key");
        }
        assertThat(server.log()).doesNotContain("wrong-guess");
    }

    /// As OBS reads it: a status of level error on the stream, and then the end.
    @Test
    void aMissingKeyIsRefusedWithAStatus() {
        try (var encoder =
                RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream()) {
            encoder.publish("show");
            encoder.expect("onStatus")
                    .expect("error")
                    .expect("NetStream.Publish.")
                    .expect("needs its key");
            encoder.expectClosed(SOON);
        }
    }

    @Test
    void thePageListsOnlyStreamsOfListedApplications() {
        try (var hidden = Ffmpeg.publish(Clips.small(), server.rtmp("hidden/private?key=" + SECRET));
                var listed = Ffmpeg.publish(Clips.small(), server.rtmp("live/other?key=another-secret-of-ours"))) {
            server.awaitLive("live/other");
            server.awaitLog("session.publish .*stream=hidden/private", SOON);
            server.awaitHls("hidden/private"); // it is live, and plays for who knows its name
            assertThat(RawHttp.get(server.httpPort(), "/-/streams.json").body())
                    .contains("other")
                    .doesNotContain("private")
                    .doesNotContain("hidden");
            assertThat(List.of(hidden, listed)).allMatch(Program::isRunning);
        }
    }
}
