package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// rtmpdump, and with it everything built on librtmp, plays.
class RtmpdumpIT {
    private static final Duration CLIP_AND_MORE = Duration.ofSeconds(30);

    @Test
    void playsALiveStreamToItsEnd() {
        var recording = TestFiles.path("rtmpdump.flv");
        try (var server = SluiceProcess.serve();
                var publisher = Ffmpeg.publish(Clips.short10s(), server.rtmp("live/dump"))) {
            server.awaitLive("live/dump");
            try (var player = rtmpdump(server.rtmp("live/dump"), recording.toString())) {
                publisher.succeeds(CLIP_AND_MORE);
                // 2 is "incomplete", as it calls the end of some live streams.
                assertThat(player.exitCode(CLIP_AND_MORE)).isIn(0, 2);
            }
        }
        assertThat(Ffmpeg.tracks(recording.toString())).containsExactlyInAnyOrder("h264,640,360", "aac");
        var copy = Ffmpeg.hashesOf(recording);
        var source = Ffmpeg.hashesOf(Clips.short10s());
        copy.isTailOf(source, "video");
        copy.isTailOf(source, "audio");
    }

    private static Program rtmpdump(String url, String file) {
        return Program.start(List.of(Program.installed("rtmpdump", "rtmpdump"), "-q", "-r", url, "--live", "-o", file));
    }
}
