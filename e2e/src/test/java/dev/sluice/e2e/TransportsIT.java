package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RTMP over other ways than plain TCP, with programs that somebody else wrote. Each publishes over each way
/// that it knows, and all players that know the way play it. What a player got is what the file has, bit for
/// bit.
class TransportsIT {
    private static final Duration CLIP_AND_MORE = Duration.ofSeconds(60);

    private enum Way {
        RTMPE,
        RTMPT,
        RTMPTE;

        String url(SluiceProcess server, String stream) {
            int port = this == RTMPE ? server.rtmpPort() : server.httpPort();
            return name().toLowerCase(Locale.ROOT) + "://127.0.0.1:" + port + "/" + stream;
        }
    }

    private enum Publisher {
        FFMPEG_8,
        LIBRTMP; // in GStreamer's rtmpsink

        Program start(Path clip, String url) {
            return switch (this) {
                case FFMPEG_8 -> Ffmpeg.publish(clip, url);
                case LIBRTMP ->
                    gstreamer("filesrc location=" + clip + " ! flvdemux name=in flvmux name=out streamable=true"
                            + " in.video ! queue ! out.video in.audio ! queue ! out.audio out."
                            + " ! rtmpsink sync=true location=" + url);
            };
        }
    }

    private enum Player {
        FFMPEG_8,
        RTMPDUMP;

        Program start(String url, Path into) {
            var file = into.toString();
            return switch (this) {
                case FFMPEG_8 -> Ffmpeg.start("-i", url, "-c", "copy", "-copyts", "-f", "flv", "-y", file);
                case RTMPDUMP ->
                    Program.start(
                            List.of(Program.installed("rtmpdump", "rtmpdump"), "-q", "-r", url, "--live", "-o", file));
            };
        }

        /// 2 is "incomplete", as rtmpdump calls the end of some live streams.
        void ended(Program program) {
            int code = program.exitCode(CLIP_AND_MORE);
            assertThat(code)
                    .as("exit code of %s, which printed:%n%s", this, program.output())
                    .isIn(0, this == RTMPDUMP ? 2 : 0);
        }
    }

    /// librtmp publishes over HTTP without ever reading an answer, until there are too many: over RTMPT it only
    /// plays.
    private static List<Publisher> publishers(Way way) {
        return way == Way.RTMPE ? List.of(Publisher.values()) : List.of(Publisher.FFMPEG_8);
    }

    /// One publisher over one way, and one who plays it over the same.
    private record Pair(Way way, Publisher publisher, Player player) {
        String stream() {
            return "live/" + way + "-" + publisher;
        }

        String file() {
            return "transport-" + way + "-" + publisher + "-" + player + ".flv";
        }
    }

    private static Recording source;

    @AutoClose
    private static SluiceProcess server;

    /// One way after the other: a slow machine has enough to do.
    @BeforeAll
    static void publishAndPlayAll() {
        source = Ffmpeg.hashesOf(Clips.short10s());
        // FFmpeg over RTMPT ends without a goodbye
        server = SluiceProcess.serve("--set", "rtmp.rtmpe=true", "--set", "continuity.waitMs=2000");
        for (var way : Way.values()) {
            publishAndPlay(way);
        }
    }

    private static void publishAndPlay(Way way) {
        var publishing = new ArrayList<Program>();
        var playing = new ArrayList<Playing>();
        try {
            for (var publisher : publishers(way)) {
                publishing.add(publisher.start(Clips.short10s(), way.url(server, "live/" + way + "-" + publisher)));
            }
            for (var pair : pairs()) {
                if (pair.way() == way) {
                    server.awaitLive(pair.stream());
                    var url = way.url(server, pair.stream());
                    playing.add(new Playing(pair.player(), pair.player().start(url, TestFiles.path(pair.file()))));
                }
            }
            publishing.forEach(program -> program.succeeds(CLIP_AND_MORE));
            playing.forEach(one -> one.player().ended(one.program()));
        } finally {
            publishing.forEach(Program::close);
            playing.forEach(one -> one.program().close());
        }
    }

    private record Playing(Player player, Program program) {}

    private static List<Pair> pairs() {
        var pairs = new ArrayList<Pair>();
        for (var way : Way.values()) {
            for (var publisher : publishers(way)) {
                for (var player : Player.values()) {
                    pairs.add(new Pair(way, publisher, player));
                }
            }
        }
        return pairs;
    }

    static List<Arguments> everyPair() {
        return pairs().stream().map(pair -> arguments(pair)).toList();
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void whatIsPlayedIsWhatWasPublished(Pair pair) {
        var copy = Ffmpeg.hashesOf(TestFiles.cached(pair.file()));
        assertThat(copy.tracks()).containsOnlyKeys("video", "audio");
        // FFmpeg over RTMPT ends before its last frames have left
        var video = copy.isRunOf(source, "video");
        var audio = copy.isRunOf(source, "audio");
        assertThat(video.firstPacket() % 30).as("starts at a key frame").isZero();
        assertThat(video.packets()).as("half of the clip at least").isGreaterThan(video.firstPacket());
        assertThat(audio.packets()).as("half of the clip at least").isGreaterThan(audio.firstPacket());
    }

    /// Our own client goes the same ways, and over WebSocket.
    @ParameterizedTest
    @ValueSource(strings = {"rtmpe", "rtmpt", "rtmpte", "ws"})
    void theCommandLinePublishesAndProbes(String scheme) {
        int port = scheme.equals("rtmpe") ? server.rtmpPort() : server.httpPort();
        var stream = "live/own-" + scheme;
        var url = scheme + "://127.0.0.1:" + port + "/" + stream;
        try (var publisher = sluice("publish", Clips.short10s().toString(), url)) {
            server.awaitLive(stream);
            assertThat(sluice("probe", url, "--seconds", "3")
                            .succeeds(CLIP_AND_MORE)
                            .output())
                    .contains("H.264 (avc1.")
                    .contains("AAC (mp4a.40.2), 44100 Hz");
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    private static Program sluice(String... arguments) {
        return Program.start(SluiceProcess.command(arguments));
    }

    private static Program gstreamer(String pipeline) {
        var command = new ArrayList<>(List.of(Program.installed("gst-launch-1.0", "gstreamer1.0-tools"), "-e", "-q"));
        command.addAll(Arrays.asList(pipeline.split(" ")));
        return Program.start(command);
    }
}
