package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Publishers that collide, die, send half of what is usual or too much, and a player that stops reading.
class PublishersIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration CLIP_AND_MORE = Duration.ofSeconds(35);
    private static final int MIB = 1 << 20;

    @AutoClose
    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(
                "--set",
                "hub.stallMaxMs=1500",
                "--set",
                "segments.segmentMs=1000",
                "--set",
                "continuity.secondPublisher=refuse",
                "--set",
                "continuity.waitMs=500");
    }

    @Test
    void theSecondPublisherOfANameIsRefusedAndTheFirstGoesOn() {
        var hashes = TestFiles.path("first-publisher.md5");
        try (var first = Ffmpeg.publish(Clips.short10s(), server.rtmp("live/twice"))) {
            server.awaitLive("live/twice");
            try (var player = Ffmpeg.hash(server.rtmp("live/twice"), hashes);
                    var second = Ffmpeg.publish(Clips.small(), server.rtmp("live/twice"))) {
                assertThat(second.exitCode(SOON)).as("exit code of the second").isNotZero();
                assertThat(second.output()).contains("live/twice is being published by another encoder");
                first.succeeds(CLIP_AND_MORE);
                player.succeeds(SOON);
            }
        }
        assertWhole(hashes, Clips.short10s());
        assertThat(server.log()).containsPattern("session.end .*reason=refused");
    }

    @Test
    void theSecondPublisherIsToldBadName() {
        try (var first = Ffmpeg.publish(Clips.short10s(), server.rtmp("live/bad"))) {
            server.awaitLive("live/bad");
            try (var second =
                    RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream()) {
                second.publish("bad");
                second.expect("NetStream.Publish.BadName").expectClosed(SOON);
            }
            assertThat(first.isRunning()).isTrue();
        }
    }

    @Test
    void aKilledPublisherEndsItsStreamAndMayComeBack() {
        var hashes = TestFiles.path("before-the-kill.md5");
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/killed"))) {
            server.awaitLive("live/killed");
            try (var player = Ffmpeg.hash(server.flv("live/killed"), hashes)) {
                server.awaitHls("live/killed");
                publisher.kill();
                player.succeeds(SOON);
            }
        }
        server.awaitGone("live/killed");
        assertThat(RawHttp.get(server.httpPort(), "/-/streams.json").body()).doesNotContain("killed");
        var again = TestFiles.path("after-the-kill.md5");
        try (var publisher = Ffmpeg.publish(Clips.short10s(), server.rtmp("live/killed"))) {
            server.awaitLive("live/killed");
            try (var player = Ffmpeg.hash(server.flv("live/killed"), again)) {
                publisher.succeeds(CLIP_AND_MORE);
                player.succeeds(SOON);
            }
        }
        assertWhole(again, Clips.short10s());
    }

    @Test
    void aPlayerThatStopsReadingIsClosedAndOthersLoseNothing() {
        var hashes = TestFiles.path("beside-the-stalled.md5");
        try (var publisher = Ffmpeg.publish(Clips.heavy(), server.rtmp("live/stall"))) {
            server.awaitLive("live/stall");
            try (var reader = Ffmpeg.hash(server.rtmp("live/stall"), hashes);
                    var rtmp = RawRtmp.open(server.rtmpPort(), 4096);
                    var flv = RawRtmp.open(server.httpPort(), 4096)) {
                rtmp.handshake().connect("live").createStream().play("stall");
                flv.send(("GET /live/stall.flv HTTP/1.1\r\nHost: 127.0.0.1:" + server.httpPort() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                // Nobody reads from these two any more.
                Wait.until("both are closed as stalled", SOON, () -> stalledSessions() == 2);
                rtmp.expectClosed(SOON);
                flv.expectClosed(SOON);
                publisher.succeeds(CLIP_AND_MORE);
                reader.succeeds(SOON);
            }
        }
        assertWhole(hashes, Clips.heavy());
    }

    private static long stalledSessions() {
        return server.log()
                .lines()
                .filter(line -> line.contains("session.end") && line.contains("reason=stalled"))
                .count();
    }

    @Test
    void audioOnlyAndVideoOnlyStreamsPlay() {
        try (var audio = Ffmpeg.publish(Clips.audioOnly(), server.rtmp("live/audio"));
                var video = Ffmpeg.publish(Clips.videoOnly(), server.rtmp("live/video"))) {
            server.awaitLive("live/audio");
            server.awaitLive("live/video");
            try (var audioFlv = Ffmpeg.hash(server.flv("live/audio"), TestFiles.path("audio-flv.md5"));
                    var videoFlv = Ffmpeg.hash(server.flv("live/video"), TestFiles.path("video-flv.md5"));
                    var audioHls = hls("live/audio", TestFiles.path("audio-hls.md5"));
                    var videoHls = hls("live/video", TestFiles.path("video-hls.md5"))) {
                for (var program : List.of(audio, video, audioFlv, videoFlv, audioHls, videoHls)) {
                    program.succeeds(CLIP_AND_MORE);
                }
            }
        }
        for (var how : List.of("flv", "hls")) {
            assertOnly("audio", TestFiles.cached("audio-" + how + ".md5"), Clips.audioOnly());
            assertOnly("video", TestFiles.cached("video-" + how + ".md5"), Clips.videoOnly());
        }
    }

    private static Program hls(String stream, Path into) {
        server.awaitHls(stream);
        return Ffmpeg.hash(server.hls(stream), into, "-live_start_index", "0");
    }

    private static void assertOnly(String type, Path hashes, Path clip) {
        var copy = Recording.read(hashes);
        assertThat(copy.tracks()).containsOnlyKeys(type);
        copy.isTailOf(Ffmpeg.hashesOf(clip), type);
    }

    /// Half a minute without a key frame: 60 MB in three seconds, into a server with little memory.
    @Test
    void aGroupOfPicturesOf30SecondsStaysWithinTheBudget() throws Exception {
        try (var small = SluiceProcess.serve(
                        List.of("-Xmx96m", "-XX:MaxDirectMemorySize=64m"),
                        "--set",
                        "hub.windowMaxBytes=4194304",
                        "--set",
                        "segments.segmentMaxBytes=2097152",
                        "--set",
                        "segments.windowSegments=3",
                        "--set",
                        "segments.spareSegments=2");
                var publisher = Ffmpeg.start(
                        "-readrate",
                        "10",
                        "-i",
                        Clips.oneGop().toString(),
                        "-c",
                        "copy",
                        "-f",
                        "flv",
                        small.rtmp("live/long"))) {
            small.awaitLive("live/long");
            var playlistPath = videoPlaylistPath(small, "live/long");
            publisher.succeeds(CLIP_AND_MORE);
            small.awaitLog("session.end .*reason=client_done (?!.*malformed)", SOON);
            var segments = playlist(small, playlistPath).mediaSegments();
            assertThat(segments).hasSize(3);
            assertThat(segments)
                    .allSatisfy(segment -> assertThat(bytesOf(small, segment)).isBetween(MIB / 4L, 2L * MIB + MIB / 2));
            assertThat(small.residentBytes()).as("resident memory").isLessThan(256L * MIB);
        }
    }

    private static long bytesOf(SluiceProcess server, MediaSegment segment) {
        var answer = RawHttp.get(server.httpPort(), "/live/long/" + segment.uri());
        assertThat(answer.status()).isEqualTo(200);
        return Long.parseLong(answer.header("content-length"));
    }

    private static String videoPlaylistPath(SluiceProcess server, String stream) throws Exception {
        var master =
                RawHttp.get(server.httpPort(), "/" + stream + "/index.m3u8").body();
        return "/" + stream + "/"
                + new MasterPlaylistParser()
                        .readPlaylist(master)
                        .variants()
                        .getFirst()
                        .uri();
    }

    private static MediaPlaylist playlist(SluiceProcess server, String path) throws Exception {
        return new MediaPlaylistParser()
                .readPlaylist(RawHttp.get(server.httpPort(), path).body());
    }

    private static void assertWhole(Path hashes, Path clip) {
        var source = Ffmpeg.hashesOf(clip);
        var copy = Recording.read(hashes);
        copy.isTailOf(source, "video");
        copy.isTailOf(source, "audio");
    }
}
