package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each publisher with each player: four programs with three RTMP implementations send the same file, and
/// five play each of the four streams, all at the same time. What a player got is what the file has, bit
/// for bit, to its end.
class ClientMatrixIT {
    private static final Duration CLIP_AND_MORE = Duration.ofSeconds(45);
    private static final long MS = 1_000_000;
    private static final String LEAST_PACKETS = "half of the clip at least";

    private enum Publisher {
        FFMPEG_5,
        FFMPEG_8,
        GST_RTMP2SINK,
        GST_RTMPSINK; // librtmp

        Program start(Path clip, String url) {
            return switch (this) {
                case FFMPEG_5 -> Ffmpeg.startOld(Ffmpeg.publishing(clip, url));
                case FFMPEG_8 -> Ffmpeg.publish(clip, url);
                case GST_RTMP2SINK -> gstreamer(sending(clip) + "rtmp2sink sync=true location=" + url);
                case GST_RTMPSINK -> gstreamer(sending(clip) + "rtmpsink sync=true location=" + url);
            };
        }

        private static String sending(Path clip) {
            return "filesrc location=" + clip + " ! flvdemux name=in flvmux name=out streamable=true"
                    + " in.video ! queue ! out.video in.audio ! queue ! out.audio out. ! ";
        }
    }

    private enum Player {
        FFMPEG_5,
        FFMPEG_8,
        GST_RTMP2SRC,
        GST_RTMPSRC, // librtmp
        RTMPDUMP;

        Program start(String url, Path into) {
            var file = into.toString();
            return switch (this) {
                case FFMPEG_5 -> Ffmpeg.startOld(recording(url, file));
                case FFMPEG_8 -> Ffmpeg.start(recording(url, file));
                case GST_RTMP2SRC -> gstreamer("rtmp2src location=" + url + " ! filesink location=" + file);
                case GST_RTMPSRC -> gstreamer("rtmpsrc location=" + url + " ! filesink location=" + file);
                case RTMPDUMP ->
                    Program.start(
                            List.of(Program.installed("rtmpdump", "rtmpdump"), "-q", "-r", url, "--live", "-o", file));
            };
        }

        /// The server sends it: a proxy in between recorded it 107 times, and 42 files of rtmp2src lack it. When
        /// StreamEOF comes before one of its threads has taken the last message from the other, that message is
        /// thrown away; with StreamEOF held back for half a second none of 84 files lacks it. Nothing but that
        /// one packet may be missing.
        boolean mayLoseTheLastPacket() {
            return this == GST_RTMP2SRC;
        }

        /// 2 is "incomplete", as rtmpdump calls the end of some live streams.
        void ended(Program program) {
            int code = program.exitCode(CLIP_AND_MORE);
            if (this == RTMPDUMP) {
                assertThat(code).as("exit code of %s", this).isIn(0, 2);
            } else {
                assertThat(code)
                        .as("exit code of %s, which printed:%n%s", this, program.output())
                        .isZero();
            }
        }

        private static String[] recording(String url, String file) {
            return new String[] {"-i", url, "-c", "copy", "-copyts", "-f", "flv", "-y", file};
        }
    }

    private record Playing(Player player, Program program) {}

    private static Recording source;

    @BeforeAll
    static void publishAndPlayAll() {
        var clip = Clips.short10s();
        source = Ffmpeg.hashesOf(clip);
        var publishing = new ArrayList<Program>();
        var playing = new ArrayList<Playing>();
        try (var server = SluiceProcess.serve()) {
            for (var publisher : Publisher.values()) {
                publishing.add(publisher.start(clip, server.rtmp(stream(publisher))));
            }
            for (var publisher : Publisher.values()) {
                server.awaitLive(stream(publisher));
                for (var player : Player.values()) {
                    var file = TestFiles.path(fileName(publisher, player));
                    playing.add(new Playing(player, player.start(server.rtmp(stream(publisher)), file)));
                }
            }
            publishing.forEach(program -> program.succeeds(CLIP_AND_MORE));
            playing.forEach(one -> one.player().ended(one.program()));
        } finally {
            publishing.forEach(Program::close);
            playing.forEach(one -> one.program().close());
        }
    }

    @ParameterizedTest
    @EnumSource(Player.class)
    void playsWhatFfmpeg5Sends(Player player) {
        assertCopy(Publisher.FFMPEG_5, player);
    }

    @ParameterizedTest
    @EnumSource(Player.class)
    void playsWhatFfmpeg8Sends(Player player) {
        assertCopy(Publisher.FFMPEG_8, player);
    }

    @ParameterizedTest
    @EnumSource(Player.class)
    void playsWhatRtmp2sinkSends(Player player) {
        assertCopy(Publisher.GST_RTMP2SINK, player);
    }

    @ParameterizedTest
    @EnumSource(Player.class)
    void playsWhatLibrtmpSends(Player player) {
        assertCopy(Publisher.GST_RTMPSINK, player);
    }

    private static void assertCopy(Publisher publisher, Player player) {
        var copy = Ffmpeg.hashesOf(TestFiles.cached(fileName(publisher, player)));
        assertThat(copy.tracks()).containsOnlyKeys("video", "audio");
        var video = copy.isTailOf(source, "video");
        var audio = player.mayLoseTheLastPacket() ? copy.isRunOf(source, "audio") : copy.isTailOf(source, "audio");
        assertThat(audio.firstPacket() + audio.packets())
                .as("audio goes on to the end, or to the packet before it")
                .isGreaterThanOrEqualTo(source.audio().packets().size() - 1);
        assertThat(video.firstPacket() % 30).as("starts at a key frame").isZero();
        assertThat(video.packets()).as(LEAST_PACKETS).isGreaterThan(video.firstPacket());
        assertThat(audio.packets()).as(LEAST_PACKETS).isGreaterThan(audio.firstPacket());
        long least = Math.min(video.leastNs(), audio.leastNs());
        long greatest = Math.max(video.greatestNs(), audio.greatestNs());
        assertThat(greatest - least).as("times, source to copy").isLessThanOrEqualTo(2 * MS);
    }

    private static Program gstreamer(String pipeline) {
        var command = new ArrayList<>(List.of(Program.installed("gst-launch-1.0", "gstreamer1.0-tools"), "-e", "-q"));
        command.addAll(Arrays.asList(pipeline.split(" ")));
        return Program.start(command);
    }

    private static String stream(Publisher publisher) {
        return "live/" + publisher;
    }

    private static String fileName(Publisher publisher, Player player) {
        return "matrix-" + publisher + "-" + player + ".flv";
    }
}
