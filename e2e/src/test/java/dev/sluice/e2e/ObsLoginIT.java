package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// OBS Studio with its fields "username" and "password". It connects three times within one attempt, as each refusal
/// says what to send next.
class ObsLoginIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PASSWORD = "correct-horse";
    private static final String CONFIGURATION = """
            publish: keys
            apps:
              studio:
                users: { anna: %s }
            """.formatted(PASSWORD);

    @AutoClose
    private SluiceProcess server;

    @BeforeEach
    void start() {
        server = SluiceProcess.serve(
                "-c", TestFiles.write("obs-users.yaml", CONFIGURATION).toString());
    }

    @Test
    void whatAUserPublishesDecodesAndNothingShowsThePassword() {
        var frames = TestFiles.path("obs-user-frames.md5");
        try (var obs = Obs.publishAs("anna", PASSWORD, "right-password", app(), "cam")) {
            server.awaitLive("studio/cam");
            Ffmpeg.decodeTwoSeconds(server.rtmp("studio/cam"), frames);
            Obs.stop(obs);
            server.awaitLog("session.end .*frames", SOON);
        }
        var decoded = Recording.read(frames);
        assertThat(decoded.video().packets()).as("pictures").hasSizeGreaterThan(50);
        assertThat(decoded.audio().packets()).as("blocks of 1024 samples").hasSizeGreaterThan(80);
        assertThat(server.log()).contains("stream=studio/cam").doesNotContain(PASSWORD);
    }

    @Test
    void aWrongPasswordIsRefusedWithAReasonThatObsTellsAndItDoesNotComeBack() {
        try (var obs = Obs.publishAs("anna", "wrong", "wrong-password", app(), "cam")) {
            obs.prints("==== Streaming Stop ====", SOON);
            assertThat(obs.output()).contains("Authentication failed: wrong password");
            assertGaveUp(obs, 3);
            Obs.stop(obs);
        }
    }

    @Test
    void withoutAUserItIsToldThatOneIsNeededAndItDoesNotComeBack() {
        try (var obs = Obs.publish("no-user", app(), "cam")) {
            obs.prints("==== Streaming Stop ====", SOON);
            assertThat(obs.output()).contains("need to set pubUser & pubPasswd for publisher auth");
            assertGaveUp(obs, 1);
            Obs.stop(obs);
        }
    }

    /// It was ready to try three times more.
    private void assertGaveUp(Program obs, int connections) {
        assertThat(obs.output()).contains("failed: -3").doesNotContain("Reconnecting");
        assertThat(server.log().lines().filter(line -> line.contains("session.open")))
                .as("connections")
                .hasSize(connections);
        assertThat(server.log()).doesNotContain("session.publish");
    }

    private String app() {
        return "rtmp://127.0.0.1:" + server.rtmpPort() + "/studio";
    }
}
