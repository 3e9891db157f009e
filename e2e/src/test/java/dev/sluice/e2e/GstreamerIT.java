package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// GStreamer's own RTMP elements publish and play.
class GstreamerIT {
    private static final Duration CLIP_AND_MORE = Duration.ofSeconds(40);
    private static final int SECONDS = 8;
    private static final int FRAMES_PER_SECOND = 30;
    private static final int AUDIO_BUFFERS_PER_SECOND = 43; // of 1024 samples at 44,100 per second

    private static Path recording;
    private static Path hashes;

    @BeforeAll
    static void publishOnceAndPlayTwice() {
        recording = TestFiles.path("gstreamer.mkv");
        hashes = TestFiles.path("gstreamer-ffmpeg.md5");
        try (var server = SluiceProcess.serve();
                var publisher = publisher(server.rtmp("live/gst"))) {
            server.awaitLive("live/gst");
            try (var gstreamer = player(server.rtmp("live/gst"), recording);
                    var ffmpeg = Ffmpeg.hash(server.rtmp("live/gst"), hashes)) {
                publisher.succeeds(CLIP_AND_MORE);
                gstreamer.succeeds(CLIP_AND_MORE);
                ffmpeg.succeeds(CLIP_AND_MORE);
            }
        }
    }

    @Test
    void rtmp2srcPlaysWhatRtmp2sinkPublishes() {
        assertThat(Ffmpeg.tracks(recording.toString())).containsExactlyInAnyOrder("h264,640,360", "aac");
        assertThat(decodedFrames(recording)).isBetween((SECONDS - 2) * FRAMES_PER_SECOND, SECONDS * FRAMES_PER_SECOND);
    }

    @Test
    void ffmpegPlaysWhatRtmp2sinkPublishes() {
        var copy = Recording.read(hashes);
        assertThat(copy.video().packets()).hasSizeGreaterThan((SECONDS - 2) * FRAMES_PER_SECOND);
        assertThat(copy.audio().packets()).hasSizeGreaterThan((SECONDS - 2) * AUDIO_BUFFERS_PER_SECOND);
    }

    private static Program publisher(String url) {
        return launch("flvmux name=mux streamable=true ! rtmp2sink location=" + url
                + " videotestsrc is-live=true num-buffers=" + SECONDS * FRAMES_PER_SECOND
                + " ! video/x-raw,width=640,height=360,framerate=" + FRAMES_PER_SECOND + "/1"
                + " ! x264enc speed-preset=ultrafast tune=zerolatency key-int-max=30 ! h264parse ! queue ! mux."
                + " audiotestsrc is-live=true num-buffers=" + SECONDS * AUDIO_BUFFERS_PER_SECOND
                + " ! audio/x-raw,rate=44100,channels=2 ! avenc_aac ! aacparse ! queue ! mux.");
    }

    private static Program player(String url, Path file) {
        return launch("rtmp2src location=" + url + " ! flvdemux name=demux matroskamux name=mux ! filesink location="
                + file + " demux.video ! queue ! h264parse ! mux. demux.audio ! queue ! aacparse ! mux.");
    }

    private static Program launch(String pipeline) {
        var command = new ArrayList<>(List.of(Program.installed("gst-launch-1.0", "gstreamer1.0-tools"), "-e", "-q"));
        command.addAll(Arrays.asList(pipeline.split(" ")));
        return Program.start(command);
    }

    private static int decodedFrames(Path file) {
        return Integer.parseInt(Ffmpeg.probe(
                file.toString(), "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames"));
    }
}
