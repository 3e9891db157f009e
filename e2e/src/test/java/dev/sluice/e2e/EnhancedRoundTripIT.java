package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every codec that FFmpeg 8 can send by Enhanced RTMP, published by it and played back by it: what arrives is what was
/// sent, bit for bit, over RTMP and HTTP-FLV, and as fMP4 over HLS.
class EnhancedRoundTripIT {
    private static final Duration CLIP = Duration.ofSeconds(8);
    private static final Duration AFTER_THE_END = Duration.ofSeconds(20);
    private static final String HDR10 =
            "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,format=yuv420p10le";
    private static final String X265 = "log-level=none:info=0:keyint=25:min-keyint=25:scenecut=0";

    enum Sent {
        HEVC_OPUS(
                "hvc1.2.4.",
                "opus",
                "-vf",
                HDR10,
                "-c:v",
                "libx265",
                "-preset",
                "ultrafast",
                "-x265-params",
                X265,
                "-c:a",
                "libopus"),
        AV1_FLAC(
                "av01.0.",
                "fLaC",
                "-c:v",
                "libaom-av1",
                "-cpu-used",
                "8",
                "-usage",
                "realtime",
                "-bsf:v",
                "av1_metadata=td=remove",
                "-c:a",
                "flac"),
        VP9_EAC3("vp09.00.", "ec-3", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "eac3"),
        H264_AC3("avc1.", "ac-3", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3"),
        H264_MP3("avc1.", "mp4a.6B", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "libmp3lame");

        private final String videoCodec;
        private final String audioCodec;
        private final String[] encoding;

        Sent(String videoCodec, String audioCodec, String... encoding) {
            this.videoCodec = videoCodec;
            this.audioCodec = audioCodec;
            this.encoding = encoding;
        }

        Path clip() {
            return Clips.enhanced(name(), encoding);
        }

        String stream() {
            return "live/" + this;
        }

        /// Hashes of what a player got.
        Path played(String protocol) {
            return TestFiles.cached(this + "-" + protocol + ".md5");
        }
    }

    @AutoClose
    private static SluiceProcess server;

    private static final Map<Sent, String> PLAYLISTS = new EnumMap<>(Sent.class);

    /// All at the same time: each would take as long as its clip plays.
    @BeforeAll
    static void publishAndPlayAll() {
        server = SluiceProcess.serve();
        var clips = Arrays.stream(Sent.values()).map(Sent::clip).toList();
        var programs = new ArrayList<Program>();
        try {
            for (var sent : Sent.values()) {
                programs.add(Ffmpeg.publish(clips.get(sent.ordinal()), server.rtmp(sent.stream())));
            }
            for (var sent : Sent.values()) {
                server.awaitLive(sent.stream());
                playlist(sent); // segments are made from now on
                programs.add(Ffmpeg.hash(server.rtmp(sent.stream()), fresh(sent.played("rtmp"))));
                programs.add(Ffmpeg.hash(server.flv(sent.stream()), fresh(sent.played("flv"))));
            }
            for (var sent : Sent.values()) {
                server.awaitHls(sent.stream());
                PLAYLISTS.put(sent, playlist(sent));
                var hls = fresh(sent.played("hls"));
                programs.add(Ffmpeg.hash(server.hls(sent.stream()), hls, "-live_start_index", "0"));
            }
            programs.forEach(program -> program.succeeds(CLIP.plus(AFTER_THE_END)));
        } finally {
            programs.forEach(Program::close);
        }
    }

    private static String playlist(Sent sent) {
        return RawHttp.get(server.httpPort(), "/" + sent.stream() + "/index.m3u8")
                .body();
    }

    /// A file that is written anew.
    private static Path fresh(Path file) {
        return TestFiles.path(file.getFileName().toString());
    }

    @ParameterizedTest
    @EnumSource
    void arrivesAsItWasSent(Sent sent) {
        var source = Ffmpeg.hashesOf(sent.clip());
        for (var protocol : List.of("rtmp", "flv")) {
            var copy = Recording.read(sent.played(protocol));
            copy.isTailOf(source, "video");
            copy.isTailOf(source, "audio");
        }
        assertThat(PLAYLISTS.get(sent)).contains("CODECS=\"" + sent.videoCodec).contains(sent.audioCodec + "\"");
        var overHls = Recording.read(sent.played("hls"));
        assertThat(overHls.video().packets()).hasSizeGreaterThan(100);
        overHls.isSamePayloadAsTailOf(source, "video");
        overHls.isSamePayloadAsTailOf(source, "audio");
    }

    @Test
    void coloursOfHdrSurvive() {
        var stream = "live/colours";
        try (var publisher = Ffmpeg.publish(Sent.HEVC_OPUS.clip(), server.rtmp(stream))) {
            server.awaitLive(stream);
            var colours = List.of(
                            "-show_entries",
                            "stream=color_space,color_transfer,color_primaries",
                            "-select_streams",
                            "v")
                    .toArray(String[]::new);
            assertThat(Ffmpeg.probe(server.rtmp(stream), colours)).isEqualTo("bt2020nc,smpte2084,bt2020");
            server.awaitHls(stream);
            assertThat(RawHttp.get(server.httpPort(), "/" + stream + "/index.m3u8")
                            .body())
                    .contains("VIDEO-RANGE=PQ");
            publisher.succeeds(CLIP.plus(AFTER_THE_END));
        }
    }

    @Test
    void everyTrackArrivesWhereItIsAskedForAndElsewhereTheDefaultOnes() {
        var stream = "live/tracks";
        var clip = Clips.enhanced(
                "multitrack",
                "-map",
                "0",
                "-map",
                "0",
                "-map",
                "1",
                "-map",
                "1",
                "-map",
                "1",
                "-c:v:0",
                "libx264",
                "-preset:v:0",
                "ultrafast",
                "-c:v:1",
                "libx265",
                "-preset:v:1",
                "ultrafast",
                "-x265-params",
                X265,
                "-c:a:0",
                "aac",
                "-c:a:1",
                "libopus",
                "-c:a:2",
                "aac");
        var all = TestFiles.path("tracks-all-rtmp.md5");
        var allFlv = TestFiles.path("tracks-all-flv.md5");
        var plain = TestFiles.path("tracks-plain.md5");
        try (var publisher = Ffmpeg.publishAllTracks(clip, server.rtmp(stream))) {
            server.awaitLive(stream);
            try (var allPlayer = Ffmpeg.hash(server.rtmp(stream) + "?tracks=all", all);
                    var flvPlayer = Ffmpeg.hash(server.flv(stream) + "?tracks=all", allFlv);
                    var plainPlayer = Ffmpeg.hash(server.rtmp(stream), plain)) {
                publisher.succeeds(CLIP.plus(AFTER_THE_END));
                allPlayer.succeeds(AFTER_THE_END);
                flvPlayer.succeeds(AFTER_THE_END);
                plainPlayer.succeeds(AFTER_THE_END);
            }
        }
        var source = Ffmpeg.hashesOf(clip);
        assertThat(source.tracks()).containsOnlyKeys("video", "video1", "audio", "audio1", "audio2");
        for (var copy : List.of(all, allFlv)) {
            for (var track : source.tracks().keySet()) {
                Recording.read(copy).isTailOf(source, track);
            }
        }
        var old = Recording.read(plain);
        assertThat(old.tracks()).containsOnlyKeys("video", "audio");
        old.isTailOf(source, "video");
        old.isTailOf(source, "audio");
    }
}
