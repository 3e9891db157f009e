package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// OBS Studio, the encoder that most people use, as Debian packages it.
class ObsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SECRET = "a-secret-that-obs-does-not-know";
    private static final String WITH_KEYS = """
            publish: keys
            apps:
              live:
                keys: { cam: %s }
            """.formatted(SECRET);

    @Test
    void whatObsPublishesDecodes() {
        var frames = TestFiles.path("obs-frames.md5");
        try (var server = SluiceProcess.serve();
                var obs = Obs.publish("open", app(server), "cam")) {
            server.awaitLive("live/cam");
            assertThat(Ffmpeg.tracks(server.rtmp("live/cam"))).contains("h264,256,144", "aac");
            Ffmpeg.decodeTwoSeconds(server.rtmp("live/cam"), frames);
            Obs.stop(obs);
            server.awaitLog("session.end .*", SOON);
        }
        var decoded = Recording.read(frames);
        assertThat(decoded.video().packets()).as("pictures").hasSizeGreaterThan(50);
        assertThat(decoded.audio().packets()).as("blocks of 1024 samples").hasSizeGreaterThan(80);
    }

    @Test
    void theKeyOfTheStreamPublishes() {
        try (var server = serverWithKeys();
                var obs = Obs.publish("right-key", app(server), "cam?key=" + SECRET)) {
            server.awaitLog("session.publish .*stream=live/cam", SOON);
            Obs.stop(obs);
        }
    }

    /// It would come back again and again after a connection that just closes. A refusal in words ends it: one attempt.
    @Test
    void aWrongKeyIsRefusedWithAReasonThatObsTellsAndItDoesNotComeBack() {
        try (var server = serverWithKeys();
                var obs = Obs.publish("wrong-key", app(server), "cam?key=wrong")) {
            obs.prints("==== Streaming Stop ====", SOON);
            assertThat(obs.output())
                    .contains("NetStream.Publish.Denied (publishing to 'live/cam' needs its key")
                    .contains("failed: -3") // OBS_OUTPUT_INVALID_STREAM, after which it does not try again
                    .doesNotContain("Reconnecting");
            assertThat(server.log().lines().filter(line -> line.contains("session.open")))
                    .as("attempts")
                    .hasSize(1);
            Obs.stop(obs);
        }
    }

    private static SluiceProcess serverWithKeys() {
        return SluiceProcess.serve(
                "-c", TestFiles.write("obs-keys.yaml", WITH_KEYS).toString());
    }

    private static String app(SluiceProcess server) {
        return "rtmp://127.0.0.1:" + server.rtmpPort() + "/live";
    }
}
