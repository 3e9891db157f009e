package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// User names and passwords, as encoders have fields for: FFmpeg logs in, in three connects.
class LoginIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String CONFIGURATION = """
            publish: keys
            apps:
              studio:
                users: { anna: correct-horse }
              live:
                keys: { show: a-key-of-ours }
            """;

    @AutoClose
    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(
                "-c", TestFiles.write("users.yaml", CONFIGURATION).toString());
    }

    private static String as(String user, String password, String stream) {
        return server.rtmp(stream).replace("rtmp://", "rtmp://" + user + ":" + password + "@");
    }

    @Test
    void aUserPublishesAndNothingShowsThePassword() {
        try (var publisher = Ffmpeg.publish(Clips.small(), as("anna", "correct-horse", "studio/any"))) {
            server.awaitLive("studio/any");
            assertThat(Ffmpeg.tracks(server.rtmp("studio/any"))).hasSize(2);
        }
        assertThat(server.log()).contains("stream=studio/any").doesNotContain("correct-horse");
    }

    @Test
    void aWrongPasswordIsRefusedInWordsThatTheEncoderShows() {
        try (var publisher = Ffmpeg.publish(Clips.small(), as("anna", "wrong", "studio/wrong"))) {
            assertThat(publisher.exitCode(SOON)).isNotZero();
            assertThat(publisher.output()).contains("authfailed");
        }
    }

    @Test
    void whoDoesNotSayWhoHeIsIsAsked() {
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("studio/nobody"))) {
            assertThat(publisher.exitCode(SOON)).isNotZero();
            assertThat(publisher.output()).contains("need auth");
        }
    }

    @Test
    void aUserOfOneApplicationIsNobodyInAnother() {
        try (var publisher = Ffmpeg.publish(Clips.small(), as("anna", "correct-horse", "live/show"))) {
            assertThat(publisher.exitCode(SOON)).isNotZero();
            assertThat(publisher.output()).contains("needs its key");
        }
    }
}
