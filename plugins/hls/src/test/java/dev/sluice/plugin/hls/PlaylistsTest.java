package dev.sluice.plugin.hls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.TrackKind;
import dev.sluice.segments.InitSegment;
import dev.sluice.segments.LiveWindow;
import dev.sluice.segments.MediaTrack;
import dev.sluice.segments.Segment;
import dev.sluice.segments.TrackSegment;
import io.lindstrom.m3u8.model.MasterPlaylist;
import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.lindstrom.m3u8.parser.PlaylistParserException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The text of playlists, and that a parser we did not write reads it.
final class PlaylistsTest {
    private static final MediaTrack VIDEO = new MediaTrack(FakeServer.VIDEO, 29.97002997, 900_000, 700_000);
    private static final MediaTrack AUDIO = new MediaTrack(FakeServer.AUDIO, 0, 130_000, 128_000);

    @Test
    void namesBothRenditionsWithWhatAPlayerMustKnow() {
        assertThat(index(window(List.of(VIDEO, AUDIO), segments(7, 3)))).isEqualTo("""
                        #EXTM3U
                        #EXT-X-VERSION:7
                        #EXT-X-INDEPENDENT-SEGMENTS
                        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio.m3u8"
                        #EXT-X-STREAM-INF:BANDWIDTH=1030000,AVERAGE-BANDWIDTH=828000,CODECS="avc1.64000c,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=29.970,AUDIO="audio"
                        video.m3u8
                        """);
    }

    @Test
    void namesOneRenditionWhereThereIsOne() {
        assertThat(index(window(List.of(AUDIO), segments(7, 3)))).isEqualTo("""
                        #EXTM3U
                        #EXT-X-VERSION:7
                        #EXT-X-INDEPENDENT-SEGMENTS
                        #EXT-X-STREAM-INF:BANDWIDTH=130000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"
                        audio.m3u8
                        """);
        assertThat(index(window(List.of(VIDEO), segments(7, 3)))).endsWith("""
                        CODECS="avc1.64000c",RESOLUTION=320x180,FRAME-RATE=29.970
                        video.m3u8
                        """);
    }

    @Test
    void listsSegmentsWithTheirTimes() {
        assertThat(media(window(List.of(VIDEO, AUDIO), segments(7, 2)), TrackKind.VIDEO))
                .isEqualTo("""
                        #EXTM3U
                        #EXT-X-VERSION:7
                        #EXT-X-INDEPENDENT-SEGMENTS
                        #EXT-X-TARGETDURATION:2
                        #EXT-X-MEDIA-SEQUENCE:7
                        #EXT-X-DISCONTINUITY-SEQUENCE:0
                        #EXT-X-MAP:URI="video-init-7.mp4"
                        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:14.000Z
                        #EXTINF:2.000000,
                        video-7.m4s
                        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:16.000Z
                        #EXTINF:2.000000,
                        video-8.m4s
                        """);
    }

    @Test
    void givesAudioItsOwnTimes() {
        assertThat(media(window(List.of(VIDEO, AUDIO), segments(7, 2)), TrackKind.AUDIO))
                .contains("""
                        #EXT-X-MAP:URI="audio-init-7.mp4"
                        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:14.010Z
                        #EXTINF:1.984000,
                        audio-7.m4s
                        """);
    }

    @Test
    void countsDiscontinuitiesThatSlidOut() {
        // segments 3 and 5 begin anew
        for (int first = 0; first <= 6; first++) {
            var playlist = media(window(List.of(VIDEO), changing(first, 4)), TrackKind.VIDEO);
            int gone = (first > 3 ? 1 : 0) + (first > 5 ? 1 : 0);
            int listed = (first <= 3 ? 1 : 0) + (first <= 5 && first + 4 > 5 ? 1 : 0);
            assertThat(playlist).contains("#EXT-X-DISCONTINUITY-SEQUENCE:" + gone + "\n");
            assertThat(playlist.split("#EXT-X-DISCONTINUITY\n", -1)).hasSize(listed + 1);
        }
        assertThat(media(window(List.of(VIDEO), changing(2, 4)), TrackKind.VIDEO))
                .contains("""
                        video-2.m4s
                        #EXT-X-DISCONTINUITY
                        #EXT-X-MAP:URI="video-init-3.mp4"
                        """);
    }

    @Test
    void claimsIndependenceOnlyWhereItIsTrue() {
        var segments = new java.util.ArrayList<>(segments(7, 2));
        segments.add(segment(9, false, false, 0, 7, true));
        var window = window(List.of(VIDEO, AUDIO), segments);
        assertThat(index(window)).doesNotContain("INDEPENDENT");
        assertThat(media(window, TrackKind.VIDEO)).doesNotContain("INDEPENDENT");
    }

    @Test
    void beginsTheListOfALateTrackWhereItBegins() {
        var segments = List.of(segment(7, true, false, 0, 7, false), segment(8, true, false, 0, 7, true));
        assertThat(media(window(List.of(VIDEO, AUDIO), segments), TrackKind.AUDIO))
                .contains("#EXT-X-MEDIA-SEQUENCE:8\n")
                .doesNotContain("-7.m4s");
    }

    @Test
    void keepsTheNumbersWhereATrackIsMissing() {
        var segments = List.of(
                segment(7, true, false, 0, 7, true),
                segment(8, true, false, 0, 7, false),
                segment(9, true, false, 0, 7, true));
        assertThat(media(window(List.of(VIDEO, AUDIO), segments), TrackKind.AUDIO))
                .contains("""
                        #EXT-X-GAP
                        #EXTINF:2.000000,
                        audio-8.m4s
                        """);
    }

    @Test
    void listsTimeInWhichNobodyPublished() throws PlaylistParserException {
        var window = window(
                List.of(VIDEO, AUDIO),
                List.of(segment(7, true, false, 0, 7, true), gap(8), segment(9, true, false, 0, 7, true)));
        assertThat(media(window, TrackKind.VIDEO)).isEqualTo("""
                        #EXTM3U
                        #EXT-X-VERSION:8
                        #EXT-X-INDEPENDENT-SEGMENTS
                        #EXT-X-TARGETDURATION:2
                        #EXT-X-MEDIA-SEQUENCE:7
                        #EXT-X-DISCONTINUITY-SEQUENCE:0
                        #EXT-X-MAP:URI="video-init-7.mp4"
                        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:14.000Z
                        #EXTINF:2.000000,
                        video-7.m4s
                        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:16.000Z
                        #EXT-X-GAP
                        #EXTINF:2.000000,
                        video-8.m4s
                        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:18.000Z
                        #EXTINF:2.000000,
                        video-9.m4s
                        """);
        assertThat(index(window)).contains("#EXT-X-VERSION:7\n");
        var parsed = new MediaPlaylistParser().readPlaylist(media(window, TrackKind.AUDIO));
        assertThat(parsed.mediaSegments()).extracting(MediaSegment::gap).containsExactly(false, true, false);
    }

    @Test
    void aListOfNothingButGapsIsAListForEachTrackThatThereWas() {
        var window = window(List.of(VIDEO), List.of(gap(7), gap(8)));
        assertThat(media(window, TrackKind.VIDEO))
                .contains("#EXT-X-MEDIA-SEQUENCE:7\n")
                .doesNotContain("EXT-X-MAP");
        assertThat(Playlists.media(window, TrackKind.AUDIO)).isEmpty();
    }

    @Test
    void saysWhenNothingFollows() {
        var live = window(List.of(VIDEO), segments(7, 2));
        var over = new LiveWindow(
                live.stream(), live.tracks(), live.segments(), List.of(), live.inits(), 2, List.of(), true);
        assertThat(media(live, TrackKind.VIDEO)).doesNotContain("ENDLIST");
        assertThat(media(over, TrackKind.VIDEO)).endsWith("#EXT-X-ENDLIST\n");
    }

    @Test
    void saysWhichTracksAreLeftOut() throws PlaylistParserException {
        var live = window(List.of(VIDEO), segments(7, 2));
        var partly = new LiveWindow(
                live.stream(),
                live.tracks(),
                live.segments(),
                List.of(),
                live.inits(),
                2,
                List.of(FakeServer.MP3),
                false);
        assertThat(index(partly)).contains("# left out: MP3\n");
        assertThat(parsed(partly).variants()).hasSize(1);
    }

    @Test
    void isReadByAParserThatWeDidNotWrite() throws PlaylistParserException {
        var window = window(List.of(VIDEO, AUDIO), changing(2, 4));
        var index = parsed(window);
        assertThat(index.variants()).singleElement().satisfies(variant -> {
            assertThat(variant.uri()).isEqualTo("video.m3u8");
            assertThat(variant.bandwidth()).isEqualTo(1_030_000);
            assertThat(variant.codecs()).containsExactly("avc1.64000c", "mp4a.40.2");
            assertThat(variant.frameRate()).contains(29.97);
            assertThat(variant.audio()).contains("audio");
        });
        assertThat(index.alternativeRenditions())
                .singleElement()
                .satisfies(audio -> assertThat(audio.uri()).contains("audio.m3u8"));
        for (var kind : List.of(TrackKind.VIDEO, TrackKind.AUDIO)) {
            MediaPlaylist playlist = new MediaPlaylistParser().readPlaylist(media(window, kind));
            assertThat(playlist.mediaSequence()).isEqualTo(2);
            assertThat(playlist.targetDuration()).isEqualTo(2);
            assertThat(playlist.mediaSegments())
                    .hasSize(4)
                    .allMatch(s -> s.programDateTime().isPresent());
            assertThat(playlist.mediaSegments().get(1).discontinuity()).isTrue();
        }
    }

    private static MasterPlaylist parsed(LiveWindow window) throws PlaylistParserException {
        return new MasterPlaylistParser().readPlaylist(index(window));
    }

    private static String index(LiveWindow window) {
        return new String(Playlists.multivariant(window).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static String media(LiveWindow window, TrackKind kind) {
        return new String(Playlists.media(window, kind).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static LiveWindow window(List<MediaTrack> tracks, List<Segment> segments) {
        return new LiveWindow(
                FakeServer.NAME, tracks, segments, List.of(), List.<InitSegment>of(), 2, List.of(), false);
    }

    private static List<Segment> segments(int first, int count) {
        return java.util.stream.IntStream.range(first, first + count)
                .mapToObj(sequence -> segment(sequence, true, false, 0, first, true))
                .toList();
    }

    /// Segments 3 and 5 have new initialisations.
    private static List<Segment> changing(int first, int count) {
        return java.util.stream.IntStream.range(first, first + count)
                .mapToObj(sequence -> segment(
                        sequence,
                        true,
                        sequence == 3 || sequence == 5,
                        (sequence >= 3 ? 1 : 0) + (sequence >= 5 ? 1 : 0),
                        sequence >= 5 ? 5 : sequence >= 3 ? 3 : 0,
                        true))
                .toList();
    }

    private static Segment gap(long sequence) {
        long startNs = sequence * 2_000_000_000L;
        long wallClockMs = 1_800_000_000_000L + startNs / 1_000_000;
        return new Segment(sequence, startNs, 2_000_000_000L, wallClockMs, true, false, 0, true, Map.of());
    }

    private static Segment segment(
            long sequence, boolean independent, boolean discontinuity, int discontinuities, long init, boolean audio) {
        long startNs = sequence * 2_000_000_000L;
        var tracks = new EnumMap<TrackKind, TrackSegment>(TrackKind.class);
        tracks.put(TrackKind.VIDEO, new TrackSegment("v" + sequence, init, startNs, 2_000_000_000L, 1000, 60));
        if (audio) {
            tracks.put(
                    TrackKind.AUDIO,
                    new TrackSegment("a" + sequence, init, startNs + 10_000_000, 1_984_000_000L, 100, 93));
        }
        return new Segment(
                sequence,
                startNs,
                2_000_000_000L,
                1_800_000_000_000L + startNs / 1_000_000,
                independent,
                discontinuity,
                discontinuities,
                false,
                tracks);
    }
}
