package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lindstrom.m3u8.model.Resolution;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.PlaylistParserException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A minute of H.264 with B-frames and AAC, published by FFmpeg in real time and recorded by three FFmpegs
/// at once. What they got has to be what was sent, bit for bit, to the last packet.
class RoundTripIT {
    private static final String STREAM = "live/minute";
    private static final Duration CLIP = Duration.ofSeconds(60);
    private static final Duration AFTER_THE_END = Duration.ofSeconds(20);
    private static final long MS = 1_000_000;
    private static final long AUDIO_FRAME_NS = 1024 * 1_000_000_000L / 44_100;

    private static Recording source;
    private static Recording overRtmp;
    private static Recording overHttpFlv;
    private static Recording overHls;
    private static String multivariantPlaylist;

    @BeforeAll
    static void publishAMinuteAndRecordIt() {
        var clip = Clips.minute();
        source = Ffmpeg.hashesOf(clip);
        var rtmp = TestFiles.path("minute-rtmp.md5");
        var flv = TestFiles.path("minute-flv.md5");
        var hls = TestFiles.path("minute-hls.md5");
        try (var server = SluiceProcess.serve();
                var publisher = Ffmpeg.publish(clip, server.rtmp(STREAM))) {
            server.awaitLive(STREAM);
            try (var rtmpPlayer = Ffmpeg.hash(server.rtmp(STREAM), rtmp);
                    var flvPlayer = Ffmpeg.hash(server.flv(STREAM), flv);
                    var hlsPlayer = hlsPlayer(server, hls)) {
                publisher.succeeds(CLIP.plus(AFTER_THE_END));
                rtmpPlayer.succeeds(AFTER_THE_END);
                flvPlayer.succeeds(AFTER_THE_END);
                hlsPlayer.succeeds(AFTER_THE_END);
            }
        }
        overRtmp = Recording.read(rtmp);
        overHttpFlv = Recording.read(flv);
        overHls = Recording.read(hls);
    }

    /// From the oldest segment in the playlist on, of the first variant and its audio.
    private static Program hlsPlayer(SluiceProcess server, Path into) {
        server.awaitHls(STREAM);
        multivariantPlaylist =
                RawHttp.get(server.httpPort(), "/" + STREAM + "/index.m3u8").body();
        return Ffmpeg.hash(server.hls(STREAM), into, "-live_start_index", "0");
    }

    @Test
    void theSourceHasBFrames() {
        assertThat(source.video().packets()).anyMatch(packet -> packet.ptsNs() > packet.dtsNs());
    }

    @Test
    void rtmpPlayerGetsEveryPacketFromItsFirstKeyFrameToTheEnd() {
        assertCopy(overRtmp, MS);
    }

    @Test
    void httpFlvPlayerGetsEveryPacketFromItsFirstKeyFrameToTheEnd() {
        assertCopy(overHttpFlv, MS);
    }

    @Test
    void hlsPlayerGetsEveryPacketFromItsFirstSegmentToTheEnd() {
        assertCopy(overHls, AUDIO_FRAME_NS);
    }

    @Test
    void theMultivariantPlaylistDescribesTheStream() throws PlaylistParserException {
        var variant = new MasterPlaylistParser()
                .readPlaylist(multivariantPlaylist)
                .variants()
                .getFirst();
        assertThat(variant.codecs())
                .hasSize(2)
                .anyMatch(codec -> codec.startsWith("avc1."))
                .contains("mp4a.40.2");
        assertThat(variant.resolution()).contains(Resolution.of(640, 360));
        assertThat(variant.bandwidth()).as("bits per second").isBetween(500_000L, 4_000_000L);
    }

    /// @param toleranceNs how far times may be from the source's, apart from where the player's clock starts
    private static void assertCopy(Recording copy, long toleranceNs) {
        var video = copy.isTailOf(source, "video");
        var audio = copy.isTailOf(source, "audio");
        assertThat(video.firstPacket() % Clips.MINUTE_GOP_FRAMES)
                .as("starts at a key frame")
                .isZero();
        assertThat(video.firstPacket()).as("starts soon").isLessThanOrEqualTo(5 * Clips.MINUTE_GOP_FRAMES);
        long least = Math.min(video.leastNs(), audio.leastNs());
        long greatest = Math.max(video.greatestNs(), audio.greatestNs());
        assertThat(greatest - least)
                .as(
                        "times of both tracks, source to copy: video %s..%s, audio %s..%s ns",
                        video.leastNs(), video.greatestNs(), audio.leastNs(), audio.greatestNs())
                .isLessThanOrEqualTo(toleranceNs);
    }
}
