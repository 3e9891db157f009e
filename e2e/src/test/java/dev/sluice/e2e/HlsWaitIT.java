package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.sluice.e2e.Recording.Packet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What players of segments, and the players of the page, make of a publisher who is killed and comes back 20 s
/// later.
class HlsWaitIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration ABSENCE = Duration.ofSeconds(45);
    /// Of two seconds each.
    private static final int GAPS = 10;
    /// Pictures: more than a player reads ahead before it shows any.
    private static final int ENOUGH = 60;

    private static final double SECOND_NS = 1e9;
    private static final String SMALL_PICTURES = "small-pictures.md5";
    private static final List<String> PLAYERS = List.of("low-delay", "hls");
    private static final String MOVES = """
            player => {
              const video = document.querySelector(`video[data-player="${player}"]`);
              const before = video.currentTime;
              return new Promise(resolve => setTimeout(
                  () => resolve(video.currentTime > before + 0.1 && video.readyState >= 3 && !video.seeking), 400));
            }""";
    /// What changes when a page is loaded anew, or a player begins anew.
    private static final String IDENTITY = """
            () => [performance.timeOrigin, ...Array.from(document.querySelectorAll('video'), video => video.src)].join(' ')""";

    @AutoClose
    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        // less than anybody is silent here: who watches is not closed for that
        server = SluiceProcess.serve("--set", "http.idleTimeoutMs=5000");
    }

    @Test
    void ffmpegOldAndNewDecodesWhatCameBeforeAndWhatComesAfter() {
        var shown = decodedClip();
        playThrough("wait-same", Clips.small(), GAPS).forEach((name, recording) -> {
            assertOneHole(name + " video", recording.video().packets(), 18);
            assertOneHole(name + " audio", recording.audio().packets(), 18);
            assertThat(recording.video().packets())
                    .as("%s decodes every picture", name)
                    .allMatch(picture -> shown.contains(picture.hash()));
        });
    }

    /// Its player of segments reads the first initialisation only.
    @Test
    void ffmpegOldAndNewGoesOnWhenThePictureComesBackInAnotherSize() {
        playThrough("wait-size", Clips.minute(), 2).forEach((name, recording) -> {
            assertOneHole(name + " video", recording.video().packets(), 2);
            assertOneHole(name + " audio", recording.audio().packets(), 2);
        });
    }

    /// A publisher is killed; after some gaps another clip comes. Returns what each FFmpeg decoded, without a
    /// complaint.
    private static Map<String, Recording> playThrough(String name, Path second, int gaps) {
        var stream = "live/" + name;
        var files = new LinkedHashMap<String, Path>();
        var players = new ArrayList<Program>();
        try (var first = publish(stream)) {
            files.put("FFmpeg 5.1", TestFiles.path(name + "-5.md5"));
            files.put("FFmpeg 8", TestFiles.path(name + "-8.md5"));
            players.add(Ffmpeg.startOld(decoding(stream, files.get("FFmpeg 5.1"))));
            players.add(Ffmpeg.start(decoding(stream, files.get("FFmpeg 8"))));
            files.forEach((player, file) -> awaitPictures(player + " plays", file, ENOUGH));
            first.kill();
            awaitGaps(stream, gaps);
            int before =
                    files.values().stream().mapToInt(HlsWaitIT::pictures).max().orElseThrow();
            try (var _ = Ffmpeg.publish(second, server.rtmp(stream))) {
                files.forEach((player, file) -> awaitPictures(player + " plays on", file, before + ENOUGH));
            }
            assertThat(players).as("nobody gave up").allMatch(Program::isRunning);
        } finally {
            players.forEach(Program::close);
        }
        assertThat(players)
                .allSatisfy(player -> assertThat(player.output())
                        .doesNotContainIgnoringCase("non-monoton")
                        .doesNotContainIgnoringCase("error while decoding")
                        .doesNotContainIgnoringCase("corrupt"));
        return files.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, file -> Recording.read(file.getValue())));
    }

    @Test
    void thePlayersOfThePageGoOnWithoutAReload() {
        var stream = "live/wait-page";
        try (var browser = new Chromium();
                var first = publish(stream)) {
            var page = browser.newPage();
            var sockets = new ArrayList<String>();
            page.onWebSocket(socket -> sockets.add(socket.url()));
            page.navigate(server.http("/?stream=" + stream));
            awaitMoving(page, SOON);
            var identity = page.evaluate(IDENTITY);
            first.kill();
            for (var player : PLAYERS) {
                Wait.until(
                        player + " says that the publisher is away",
                        SOON,
                        () -> message(page, player).contains("The publisher is away"));
            }
            awaitGaps(stream, GAPS);
            assertThat(sockets).as("the low-delay player stays connected").hasSize(1);
            long returnedMs = System.currentTimeMillis();
            try (var _ = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                awaitMoving(page, SOON);
                TestFiles.write(
                        "wait-page.txt", "both move after " + (System.currentTimeMillis() - returnedMs) + " ms\n");
                assertThat(page.evaluate(IDENTITY)).as("nothing began anew").isEqualTo(identity);
                assertThat(sockets).hasSize(1);
                assertNearTheEdge(page);
            }
        }
    }

    private static Program publish(String stream) {
        var publisher = Ffmpeg.publish(Clips.small(), server.rtmp(stream));
        server.awaitLive(stream);
        server.awaitHls(stream);
        return publisher;
    }

    private static String[] decoding(String stream, Path into) {
        return new String[] {
            "-i",
            server.hls(stream),
            "-map",
            "0:v",
            "-map",
            "0:a",
            "-copyts",
            "-flush_packets",
            "1",
            "-f",
            "framemd5",
            into.toString()
        };
    }

    /// So many gaps in a row, whatever has left the playlist already.
    private static void awaitGaps(String stream, int gaps) {
        Wait.until("the playlist has a gap", SOON, () -> playlist(stream).contains("#EXT-X-GAP"));
        long firstGap = newestSegment(stream);
        Wait.until(
                gaps + " gaps went by",
                ABSENCE,
                () -> newestSegment(stream) >= firstGap + gaps - 1
                        && !playlist(stream).contains("ENDLIST"));
        assertThat(playlist(stream)).contains("#EXT-X-VERSION:8", "#EXT-X-GAP");
    }

    private static String playlist(String stream) {
        return RawHttp.get(server.httpPort(), "/" + stream + "/video.m3u8").body();
    }

    private static long newestSegment(String stream) {
        return Pattern.compile("video-(\\d+)\\.m4s")
                .matcher(playlist(stream))
                .results()
                .mapToLong(name -> Long.parseLong(name.group(1)))
                .max()
                .orElseThrow();
    }

    private static void awaitPictures(String what, Path file, int count) {
        Wait.until(what, SOON, () -> pictures(file) >= count);
    }

    /// How many have been written down.
    private static int pictures(Path file) {
        return Files.exists(file)
                ? (int) TestFiles.read(file)
                        .lines()
                        .filter(line -> line.startsWith("0,"))
                        .count()
                : 0;
    }

    private static List<String> decodedClip() {
        var file = TestFiles.path(SMALL_PICTURES);
        Ffmpeg.start("-i", Clips.small().toString(), "-map", "0:v", "-f", "framemd5", file.toString())
                .succeeds(SOON);
        return Recording.read(file).video().packets().stream().map(Packet::hash).toList();
    }

    /// Times grow all the time, and jump once: by the time that the publisher was away, for all tracks alike.
    private static void assertOneHole(String track, List<Packet> packets, double leastSeconds) {
        var holes = new ArrayList<Double>();
        for (int i = 1; i < packets.size(); i++) {
            double step = (packets.get(i).dtsNs() - packets.get(i - 1).dtsNs()) / SECOND_NS;
            assertThat(step).as("%s, step before packet %d", track, i).isPositive();
            if (step > 0.5) {
                holes.add(step);
            }
        }
        assertThat(holes)
                .as("%s: holes in seconds", track)
                .singleElement()
                .satisfies(hole -> assertThat(hole).isBetween(leastSeconds, leastSeconds + 27));
    }

    private static void awaitMoving(Page page, Duration atMost) {
        for (var player : PLAYERS) {
            Wait.until(player + " moves", atMost, () -> (Boolean) page.evaluate(MOVES, player));
        }
    }

    private static String message(Page page, String player) {
        return page.locator("sluice-" + player + " .player-message").innerText();
    }

    /// The low-delay player within a second or so, HLS within a few segments, as they tell themselves.
    private static void assertNearTheEdge(Page page) {
        for (var player : PLAYERS) {
            double most = player.equals("hls") ? 10 : 1.5;
            Wait.until(player + " is near the live edge", SOON, () -> {
                var delay = page.locator("sluice-" + player).getAttribute("data-delay");
                return delay != null && !delay.isEmpty() && Double.parseDouble(delay) < most;
            });
        }
    }
}
