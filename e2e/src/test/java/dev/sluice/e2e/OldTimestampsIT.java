package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Publishers whose clocks are not young: one that has run for 26 hours, one that crosses 2^24 ms, where RTMP's three
/// bytes of time end, and one that crosses 2^32 ms, where all its bytes end. Players get every packet in order, and
/// times without a gap.
class OldTimestampsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long MS = 1_000_000;
    private static final long AUDIO_FRAME_NS = 1024 * 1_000_000_000L / 44_100;
    private static final long FIRST_PART_MS = 4_500;

    private enum Clock {
        OF_26_HOURS(93_600_000L),
        CROSSING_2_24((1L << 24) - 7_000),
        WRAPPING_AT_2_32((1L << 32) - 7_000);

        private final long startMs;

        Clock(long startMs) {
            this.startMs = startMs;
        }

        String stream() {
            return "live/" + this;
        }

        Path recording(String transport) {
            return TestFiles.cached("clock-" + this + "-" + transport + ".md5");
        }
    }

    private static Recording source;

    @BeforeAll
    static void publishAndPlayAll() {
        var clip = Clips.short10s();
        source = Ffmpeg.hashesOf(clip);
        var programs = new ArrayList<Program>();
        try (var server = SluiceProcess.serve();
                var wrapping = publisher(server)) {
            for (var clock : List.of(Clock.OF_26_HOURS, Clock.CROSSING_2_24)) {
                programs.add(publish(clip, clock, server));
            }
            var tags = FlvTags.read(clip);
            tags.stream().filter(tag -> tag.ms() < FIRST_PART_MS).forEach(tag -> send(wrapping, tag));
            for (var clock : Clock.values()) {
                programs.addAll(players(server, clock));
            }
            var plays = "session\\.play .*stream=" + Clock.WRAPPING_AT_2_32.stream() + " client=";
            server.awaitLog(plays + "\"LNX", PATIENCE); // over RTMP
            server.awaitLog("(?s)(" + plays + "\"Lavf.*){2}", PATIENCE); // over HTTP-FLV and HLS
            tags.stream().filter(tag -> tag.ms() >= FIRST_PART_MS).forEach(tag -> send(wrapping, tag));
            wrapping.command(0, "deleteStream", 4, null, 1);
            programs.forEach(program -> program.succeeds(PATIENCE));
            assertThat(server.log()).contains("0 jumps").doesNotContainPattern("[1-9]\\d* jumps");
        } finally {
            programs.forEach(Program::close);
        }
    }

    @ParameterizedTest
    @EnumSource(Clock.class)
    void overRtmpItGoesOnInOrderWithoutAGap(Clock clock) {
        assertCopy(clock, "rtmp", 2 * MS);
    }

    @ParameterizedTest
    @EnumSource(Clock.class)
    void overHttpFlvItGoesOnInOrderWithoutAGap(Clock clock) {
        assertCopy(clock, "flv", 2 * MS);
    }

    @ParameterizedTest
    @EnumSource(Clock.class)
    void overHlsItGoesOnInOrderWithoutAGap(Clock clock) {
        assertCopy(clock, "hls", AUDIO_FRAME_NS);
    }

    /// Both tracks keep the source's times but for one shift, before the end of the numbers and after it.
    private static void assertCopy(Clock clock, String transport, long toleranceNs) {
        var copy = Recording.read(clock.recording(transport));
        var video = copy.isTailOf(source, "video");
        var audio = copy.isTailOf(source, "audio");
        assertThat(video.firstPacket())
                .as("begins before 7 s, where the numbers end")
                .isLessThan(7 * 30);
        long least = Math.min(video.leastNs(), audio.leastNs());
        long greatest = Math.max(video.greatestNs(), audio.greatestNs());
        assertThat(greatest - least).as("times, source to copy").isLessThanOrEqualTo(toleranceNs);
    }

    private static Program publish(Path clip, Clock clock, SluiceProcess server) {
        var offset = clock.startMs / 1000 + "." + "%03d".formatted(clock.startMs % 1000);
        return Ffmpeg.start(
                "-re",
                "-i",
                clip.toString(),
                "-c",
                "copy",
                "-output_ts_offset",
                offset,
                "-f",
                "flv",
                server.rtmp(clock.stream()));
    }

    /// FFmpeg sends 31 bits of time only, so this clock is ours.
    private static RawRtmp publisher(SluiceProcess server) {
        var rtmp = RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream();
        rtmp.publish(Clock.WRAPPING_AT_2_32.toString());
        return rtmp.expect("NetStream.Publish.Start");
    }

    private static void send(RawRtmp rtmp, FlvTags.Tag tag) {
        if (tag.type() != FlvTags.DATA) {
            rtmp.media(tag.type(), (Clock.WRAPPING_AT_2_32.startMs + tag.ms()) & 0xffff_ffffL, tag.body());
        }
    }

    private static List<Program> players(SluiceProcess server, Clock clock) {
        server.awaitLive(clock.stream());
        server.awaitHls(clock.stream());
        return List.of(
                Ffmpeg.hash(server.rtmp(clock.stream()), fresh(clock, "rtmp")),
                Ffmpeg.hash(server.flv(clock.stream()), fresh(clock, "flv")),
                Ffmpeg.hash(server.hls(clock.stream()), fresh(clock, "hls"), "-live_start_index", "0"));
    }

    private static Path fresh(Clock clock, String transport) {
        return TestFiles.path(clock.recording(transport).getFileName().toString());
    }
}
