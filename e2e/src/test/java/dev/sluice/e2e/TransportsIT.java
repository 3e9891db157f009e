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
import org.junit.jupiter.api.Test;
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
        RTMPS,
        RTMPT,
        RTMPTE,
        RTMPTS;

        /// FFmpeg 5.1 has no RTMPE. FFmpeg 8 opens a tunnel by HTTPS and then asks for plain HTTP, which it refuses
        /// itself. librtmp publishes over HTTP without ever reading an answer, until there are too many.
        List<Publisher> publishers() {
            return switch (this) {
                case RTMPE -> List.of(Publisher.FFMPEG_8, Publisher.LIBRTMP);
                case RTMPS -> List.of(Publisher.values());
                case RTMPT -> List.of(Publisher.FFMPEG_5, Publisher.FFMPEG_8);
                case RTMPTE -> List.of(Publisher.FFMPEG_8);
                case RTMPTS -> List.of(Publisher.FFMPEG_5);
            };
        }

        List<Player> players() {
            return switch (this) {
                case RTMPE, RTMPTE -> List.of(Player.FFMPEG_8, Player.RTMPDUMP);
                case RTMPS -> List.of(Player.values());
                case RTMPT -> List.of(Player.FFMPEG_5, Player.FFMPEG_8, Player.RTMPDUMP);
                case RTMPTS -> List.of(Player.FFMPEG_5, Player.RTMPDUMP);
            };
        }

        String url(SluiceProcess server, String stream) {
            return url(
                    switch (this) {
                        case RTMPE, RTMPS -> server.rtmpPort();
                        case RTMPT, RTMPTE, RTMPTS -> server.httpPort();
                    },
                    stream);
        }

        String url(int port, String stream) {
            return name().toLowerCase(Locale.ROOT) + "://127.0.0.1:" + port + "/" + stream;
        }
    }

    private enum Publisher {
        FFMPEG_5,
        FFMPEG_8,
        GST_RTMP2SINK,
        LIBRTMP; // in GStreamer's rtmpsink

        Program start(Path clip, String url) {
            return switch (this) {
                case FFMPEG_5 -> Ffmpeg.startOld(Ffmpeg.publishing(clip, url));
                case FFMPEG_8 -> Ffmpeg.publish(clip, url);
                case GST_RTMP2SINK -> gstreamer(sending(clip) + "rtmp2sink sync=true " + UNCHECKED + url);
                case LIBRTMP -> gstreamer(sending(clip) + "rtmpsink sync=true location=" + url);
            };
        }

        private static String sending(Path clip) {
            return "filesrc location=" + clip + " ! flvdemux name=in flvmux name=out streamable=true"
                    + " in.video ! queue ! out.video in.audio ! queue ! out.audio out. ! ";
        }
    }

    /// GStreamer's own elements check the certificate unless told not to.
    private static final String UNCHECKED = "tls-validation-flags=no-flags location=";

    private enum Player {
        FFMPEG_5,
        FFMPEG_8,
        GST_RTMP2SRC,
        RTMPDUMP;

        Program start(String url, Path into) {
            var file = into.toString();
            return switch (this) {
                case FFMPEG_5 -> Ffmpeg.startOld(recording(url, file));
                case FFMPEG_8 -> Ffmpeg.start(recording(url, file));
                case GST_RTMP2SRC -> gstreamer("rtmp2src " + UNCHECKED + url + " ! filesink location=" + file);
                case RTMPDUMP ->
                    Program.start(
                            List.of(Program.installed("rtmpdump", "rtmpdump"), "-q", "-r", url, "--live", "-o", file));
            };
        }

        private static String[] recording(String url, String file) {
            return new String[] {"-i", url, "-c", "copy", "-copyts", "-f", "flv", "-y", file};
        }

        /// 2 is "incomplete", as rtmpdump calls the end of some live streams.
        void ended(Program program) {
            int code = program.exitCode(CLIP_AND_MORE);
            assertThat(code)
                    .as("exit code of %s, which printed:%n%s", this, program.output())
                    .isIn(0, this == RTMPDUMP ? 2 : 0);
        }
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

    /// In two parts of about as many players: all at once is too much for a slow machine, and one way after the other
    /// takes long.
    @BeforeAll
    static void publishAndPlayAll() {
        source = Ffmpeg.hashesOf(Clips.short10s());
        // FFmpeg over RTMPT ends without a goodbye
        server = SluiceProcess.serve(
                "--set", "rtmp.rtmpe=true", "--set", "continuity.waitMs=2000", "--set", "sharedPorts=[0, 0]");
        publishAndPlay(List.of(Way.RTMPS));
        publishAndPlay(List.of(Way.RTMPE, Way.RTMPT, Way.RTMPTE, Way.RTMPTS));
    }

    private static void publishAndPlay(List<Way> ways) {
        var publishing = new ArrayList<Program>();
        var playing = new ArrayList<Playing>();
        try {
            for (var way : ways) {
                for (var publisher : way.publishers()) {
                    publishing.add(publisher.start(Clips.short10s(), way.url(server, "live/" + way + "-" + publisher)));
                }
            }
            for (var pair : pairs()) {
                if (ways.contains(pair.way())) {
                    server.awaitLive(pair.stream());
                    var url = pair.way().url(server, pair.stream());
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
            for (var publisher : way.publishers()) {
                for (var player : way.players()) {
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

    /// As 1935, 443 and 80 would be: RTMPT has a port of its own beside those of RTMP and of pages, and each further
    /// port takes every way.
    @Test
    void tunnelsAndTlsHavePortsOfTheirOwnThatAreOpenTogether() {
        int first = server.port("shared");
        int second = server.port("shared-2");
        var stream = "live/own-port";
        try (var publisher = Ffmpeg.publish(Clips.small(), Way.RTMPT.url(first, stream))) {
            server.awaitLive(stream);
            for (var url : List.of(
                    Way.RTMPT.url(first, stream),
                    Way.RTMPT.url(second, stream),
                    Way.RTMPS.url(first, stream),
                    Way.RTMPS.url(second, stream),
                    "http://127.0.0.1:" + first + "/" + stream + ".flv",
                    "https://127.0.0.1:" + second + "/" + stream + ".flv",
                    "rtmp://127.0.0.1:" + second + "/" + stream,
                    server.rtmp(stream))) {
                assertThat(Ffmpeg.tracks(url)).as(url).contains("h264,160,90", "aac");
            }
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    /// Our own client goes the same ways, and over WebSocket.
    @ParameterizedTest
    @ValueSource(strings = {"rtmpe", "rtmps", "rtmpt", "rtmpte", "rtmpts", "ws", "wss"})
    void theCommandLinePublishesAndProbes(String scheme) {
        int port = scheme.matches("rtmpe|rtmps") ? server.rtmpPort() : server.httpPort();
        var stream = "live/own-" + scheme;
        var url = scheme + "://127.0.0.1:" + port + "/" + stream;
        var played = TestFiles.path("transport-own-" + scheme + ".flv");
        try (var publisher = sluice("publish", Clips.short10s().toString(), url, "--insecure")) {
            server.awaitLive(stream);
            try (var play = sluice("play", url, "--insecure", "--seconds", "2", "-o", played.toString());
                    var probe = sluice("probe", url, "--insecure", "--seconds", "2")) {
                play.succeeds(CLIP_AND_MORE);
                assertThat(probe.succeeds(CLIP_AND_MORE).output())
                        .contains("H.264 (avc1.")
                        .contains("AAC (mp4a.40.2), 44100 Hz");
            }
            assertThat(publisher.isRunning()).isTrue();
        }
        var copy = Ffmpeg.hashesOf(played);
        copy.isRunOf(source, "video");
        copy.isRunOf(source, "audio");
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
