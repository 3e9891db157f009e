package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// FFmpeg publishes the codecs of FLV of old that it can, surround sound and five tracks at once, and plays
/// them over RTMP and HTTP-FLV. All streams are live at the same time.
class RelayedCodecsIT {
    private static final Duration CLIP_AND_MORE = Duration.ofSeconds(40);
    private static final long MS = 1_000_000;

    private static final Map<String, Path> CLIPS = clips();
    private static final Map<String, Recording> SOURCES = new LinkedHashMap<>();
    private static final Map<String, Recording> OVER_RTMP = new LinkedHashMap<>();
    private static final Map<String, Recording> OVER_HTTP_FLV = new LinkedHashMap<>();
    private static Recording oldPlayer;
    private static Recording undemanding;

    @BeforeAll
    static void publishAndPlayAll() {
        CLIPS.forEach((name, clip) -> SOURCES.put(name, Ffmpeg.hashesOf(clip)));
        var programs = new ArrayList<Program>();
        try (var server = SluiceProcess.serve()) {
            CLIPS.forEach((name, clip) -> programs.add(Ffmpeg.publishAllTracks(clip, server.rtmp("live/" + name))));
            CLIPS.keySet().forEach(name -> programs.addAll(players(server, name)));
            programs.add(Ffmpeg.startOld(Ffmpeg.hashing(server.rtmp("live/five-tracks"), file("old", "rtmp"))));
            programs.add(Ffmpeg.hash(server.flv("live/five-tracks"), file("undemanding", "flv")));
            programs.forEach(program -> program.succeeds(CLIP_AND_MORE));
        } finally {
            programs.forEach(Program::close);
        }
        CLIPS.keySet().forEach(name -> OVER_RTMP.put(name, Recording.read(cached(name, "rtmp"))));
        CLIPS.keySet().forEach(name -> OVER_HTTP_FLV.put(name, Recording.read(cached(name, "flv"))));
        oldPlayer = Recording.read(cached("old", "rtmp"));
        undemanding = Recording.read(cached("undemanding", "flv"));
    }

    private static List<Program> players(SluiceProcess server, String name) {
        var stream = "live/" + name;
        server.awaitLive(stream);
        return List.of(
                Ffmpeg.hash(server.rtmp(stream) + "?tracks=all", file(name, "rtmp")),
                Ffmpeg.hash(server.flv(stream) + "?tracks=all", file(name, "flv")));
    }

    static Stream<String> names() {
        return CLIPS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPlayerOverRtmpGetsEveryTrackBitForBitToTheEnd(String name) {
        assertCopy(OVER_RTMP.get(name), name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPlayerOverHttpFlvGetsEveryTrackBitForBitToTheEnd(String name) {
        assertCopy(OVER_HTTP_FLV.get(name), name);
    }

    /// FFmpeg 5.1 takes a packet of Enhanced RTMP for garbage; it gets none.
    @Test
    void anOldPlayerOfFiveTracksGetsTheFirstOfEachAsPlainH264AndAac() {
        assertThat(oldPlayer.tracks()).containsOnlyKeys("video", "audio");
        assertTails(oldPlayer, "five-tracks");
    }

    @Test
    void whoDoesNotAskForAllTracksGetsTheFirstOfEach() {
        assertThat(undemanding.tracks()).containsOnlyKeys("video", "audio");
        assertTails(undemanding, "five-tracks");
    }

    private static void assertCopy(Recording copy, String name) {
        assertThat(copy.tracks().keySet()).isEqualTo(SOURCES.get(name).tracks().keySet());
        assertTails(copy, name);
    }

    /// All tracks of the copy keep the source's times but for one shift.
    private static void assertTails(Recording copy, String name) {
        var clip = CLIPS.get(name);
        var source = SOURCES.get(name);
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (var track : copy.tracks().keySet()) {
            var match = copy.isTailOf(source, track);
            assertThat(match.packets()).as("half of " + track + " at least").isGreaterThan(match.firstPacket());
            if (track.startsWith("video")) {
                assertThat(Ffmpeg.keyFrames(clip, track))
                        .as(track + " starts at a key frame")
                        .contains(match.firstPacket());
            }
            least = Math.min(least, match.leastNs());
            greatest = Math.max(greatest, match.greatestNs());
        }
        assertThat(greatest - least).as("times, source to copy").isLessThanOrEqualTo(2 * MS);
    }

    private static Path file(String name, String transport) {
        return TestFiles.path(fileName(name, transport));
    }

    private static Path cached(String name, String transport) {
        return TestFiles.cached(fileName(name, transport));
    }

    private static String fileName(String name, String transport) {
        return "relayed-" + name + "-" + transport + ".md5";
    }

    private static Map<String, Path> clips() {
        var clips = new LinkedHashMap<String, Path>();
        clips.put("surround-opus", RelayClips.surroundOpus());
        clips.put("five-tracks", RelayClips.fiveTracks());
        clips.put("sorenson-speex", RelayClips.sorensonSpeex());
        clips.put("screen-nellymoser", RelayClips.screenNellymoser());
        clips.put("sorenson-mp3", RelayClips.sorensonMp3());
        clips.put("alaw", RelayClips.alaw());
        clips.put("adpcm", RelayClips.adpcm());
        return clips;
    }
}
