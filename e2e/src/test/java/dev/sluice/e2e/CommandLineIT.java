package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `publish`, `probe` and `play` against a server, checked by FFmpeg.
class CommandLineIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    @AutoClose
    private static SluiceProcess server;

    @AutoClose
    private static Program publisher;

    @BeforeAll
    static void publishAShortFileAgainAndAgain() {
        server = SluiceProcess.serve();
        publisher = sluice("publish", Clips.short10s().toString(), server.rtmp("live/cli"));
        server.awaitLive("live/cli");
    }

    private static Program sluice(String... arguments) {
        return Program.start(SluiceProcess.command(arguments));
    }

    private static String output(String... arguments) {
        return sluice(arguments).succeeds(SOON).output();
    }

    @Test
    void probeMeasuresWhatIsPublished() {
        for (var url : new String[] {server.rtmp("live/cli"), server.flv("live/cli")}) {
            assertThat(output("probe", url, "--seconds", "3"))
                    .contains("H.264 (avc1.")
                    .containsPattern("640x360, (29|30)\\.[0-9]+ fps") // where the file begins again it stumbles
                    .contains("AAC (mp4a.40.2), 44100 Hz")
                    .containsPattern("key frames (0\\.9|1\\.0)[0-9] s apart")
                    .contains("nothing is wrong");
        }
        assertThat(output("probe", server.rtmp("live/cli"), "--json"))
                .contains("\"codec\":\"H.264\"")
                .contains("\"handshake\":\"simple\"")
                .contains("\"id\":0")
                .contains("\"findings\":[]");
    }

    @Test
    void probeReadsAFileWholeAndSeesItsBFrames() {
        assertThat(output("probe", Clips.minute().toString()))
                .contains("B-frames")
                .contains("key frames 2.00 s apart");
    }

    @Test
    void whatIsNotLiveIsSaidInASentence() {
        try (var probe = sluice("probe", server.rtmp("live/nothing"))) {
            assertThat(probe.exitCode(SOON)).isEqualTo(1);
            assertThat(probe.output()).contains("live/nothing is not live").doesNotContain("Exception");
        }
        try (var play = sluice("play", "http://127.0.0.1:1/x.flv")) {
            assertThat(play.exitCode(SOON)).isEqualTo(1);
            assertThat(play.output())
                    .contains("sluice: http://127.0.0.1:1/x.flv")
                    .doesNotContain("Exception:");
        }
    }

    @Test
    void playKeepsTheStreamAsAFileThatFfmpegReads() {
        Path file = TestFiles.path("played.flv");
        output("play", server.rtmp("live/cli"), "-o", file.toString(), "--seconds", "4");
        assertThat(Ffmpeg.tracks(file.toString())).containsExactlyInAnyOrder("h264,640,360", "aac");
        // the file that is published begins again after its end
        var twice = new ArrayList<>(hashes(Clips.short10s()));
        twice.addAll(hashes(Clips.short10s()));
        assertThat(Collections.indexOfSubList(twice, hashes(file)))
                .as("the played frames in their order, among those published")
                .isNotNegative();
    }

    private static List<String> hashes(Path file) {
        return Ffmpeg.hashesOf(file).video().packets().stream()
                .map(Recording.Packet::hash)
                .toList();
    }
}
