package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Colour of a high dynamic range stream. VP9 says neither primaries nor transfer in its frames, and FFmpeg does not
/// read them from the decoder configuration: what a player knows of them came in the `colorInfo` of Enhanced RTMP.
class ColourIT {
    private static final String FRAMES = "testsrc2=rate=30:size=160x90,format=yuv420p,"
            + "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc";

    @Test
    void primariesTransferAndMatrixReachThePlayersOverRtmpAndHttpFlv() {
        try (var server = SluiceProcess.serve();
                var publisher = publisher(server.rtmp("live/hdr"))) {
            server.awaitLive("live/hdr");
            assertThat(colour(server.rtmp("live/hdr"))).isEqualTo("vp9,bt2020nc,smpte2084,bt2020");
            assertThat(colour(server.flv("live/hdr"))).isEqualTo("vp9,bt2020nc,smpte2084,bt2020");
            publisher.terminate();
            publisher.exitCode(Duration.ofSeconds(30));
        }
    }

    private static String colour(String url) {
        return Ffmpeg.probe(url, "-show_entries", "stream=codec_name,color_space,color_transfer,color_primaries");
    }

    private static Program publisher(String url) {
        return Ffmpeg.start(
                "-re",
                "-f",
                "lavfi",
                "-i",
                FRAMES,
                "-c:v",
                "libvpx-vp9",
                "-deadline",
                "realtime",
                "-cpu-used",
                "8",
                "-g",
                "30",
                "-f",
                "flv",
                url);
    }
}
