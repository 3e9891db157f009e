package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.Recording.Packet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What players see when a publisher is lost, comes back, or is displaced: FFmpeg on both sides. Nobody is dropped, and
/// time never jumps back.
class ContinuityIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final long MS = 1_000_000L;
    private static final int ENOUGH_PACKETS = PlayerPair.ENOUGH_PACKETS;

    @AutoClose
    private static SluiceProcess server;

    private static Recording small;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve("--set", "segments.segmentMs=1000", "--set", "segments.windowSegments=60");
        small = Ffmpeg.hashesOf(Clips.small());
    }

    /// Two runs of the source, one behind the other, each with sound and picture as far apart as they were sent.
    ///
    /// @return how long nothing came, by the times of the pictures, milliseconds
    private static long assertTwoRuns(Recording copy) {
        var video = split(copy, "video");
        var audio = split(copy, "audio");
        assertThat(Math.abs(shiftMs(copy.video().packets(), video, small.video())
                        - shiftMs(copy.audio().packets(), audio, small.audio())))
                .as("sound against picture after the return, ms")
                .isLessThanOrEqualTo(2);
        var pictures = copy.video().packets();
        return (pictures.get(video).dtsNs() - pictures.get(video - 1).dtsNs()) / MS;
    }

    /// Where the second run begins: at the only packet that is not the next of the source.
    private static int split(Recording copy, String type) {
        var packets = (type.equals("video") ? copy.video() : copy.audio()).packets();
        var source = (type.equals("video") ? small.video() : small.audio()).packets();
        int split = 0;
        int at = indexOf(source, packets.getFirst());
        for (int i = 1; i < packets.size(); i++) {
            assertThat(packets.get(i).dtsNs())
                    .as(type + " time " + i)
                    .isGreaterThan(packets.get(i - 1).dtsNs());
            if (!packets.get(i).hash().equals(source.get(++at).hash())) {
                assertThat(split)
                        .as(type + ": one break only, another is at " + i)
                        .isZero();
                split = i;
                at = indexOf(source, packets.get(i));
            }
        }
        assertThat(split).as(type + " has a second part").isPositive();
        return split;
    }

    private static int indexOf(List<Packet> source, Packet packet) {
        return source.stream().map(Packet::hash).toList().indexOf(packet.hash());
    }

    private static long shiftMs(List<Packet> packets, int from, Recording.Track source) {
        var packet = packets.get(from);
        return (packet.dtsNs()
                        - source.packets()
                                .get(indexOf(source.packets(), packet))
                                .dtsNs())
                / MS;
    }

    private static long resumedAfterMs(String stream) {
        var said = Pattern.compile("stream\\.resumed stream=" + stream + " \"A publisher is back after (\\d+) ms")
                .matcher(server.log());
        assertThat(said.find()).isTrue();
        return Long.parseLong(said.group(1));
    }

    @Test
    void aPublisherThatIsKilledComesBackAndNobodyIsDropped() {
        var stream = "live/killed";
        try (var first = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
            server.awaitLive(stream);
            try (var players = new PlayerPair(server, stream)) {
                first.kill();
                server.awaitLog("stream.waiting stream=" + stream, SOON);
                players.assertAlive();
                try (var second = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                    server.awaitLog("stream.resumed stream=" + stream, SOON);
                    players.awaitMore(ENOUGH_PACKETS);
                    long goneMs = resumedAfterMs(stream);
                    for (var copy : players.stop()) {
                        assertThat(assertTwoRuns(copy)).as("the gap, ms").isBetween(goneMs - 300, goneMs + 500);
                    }
                    assertThat(second.isRunning()).isTrue();
                }
            }
        }
    }

    @Test
    void aSecondEncoderTakesOverWithoutAGap() {
        var stream = "live/taken";
        try (var first = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
            server.awaitLive(stream);
            try (var players = new PlayerPair(server, stream);
                    var second = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                server.awaitLog("stream.taken-over stream=" + stream, SOON);
                assertThat(first.exitCode(SOON)).as("exit code of the first").isNotZero();
                assertThat(first.output()).contains("another publisher has taken over " + stream);
                players.awaitMore(ENOUGH_PACKETS);
                for (var copy : players.stop()) {
                    assertThat(assertTwoRuns(copy)).as("the gap, ms").isLessThan(500);
                }
                assertThat(second.isRunning()).isTrue();
            }
        }
        assertThat(server.log()).containsPattern("session.end .*reason=displaced");
    }

    /// The server hears neither a goodbye nor an error of the first connection.
    @Test
    void anEncoderWhoseCableWasCutComesBackOnAnotherConnectionAtOnce() {
        var stream = "live/cut";
        try (var wire = new BrokenWire(server.rtmpPort());
                var first = Ffmpeg.publish(Clips.small(), "rtmp://127.0.0.1:" + wire.port() + "/" + stream)) {
            server.awaitLive(stream);
            try (var players = new PlayerPair(server, stream)) {
                wire.cut();
                try (var second = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                    server.awaitLog("stream.taken-over stream=" + stream, SOON);
                    players.awaitMore(ENOUGH_PACKETS);
                    players.stop().forEach(ContinuityIT::assertTwoRuns);
                    assertThat(second.isRunning()).isTrue();
                }
            }
            assertThat(first).isNotNull();
        }
    }

    @Test
    void anEncoderThatComesBackByItselfAfterItWasDisplacedIsRefused() {
        var stream = "live/fight";
        try (var first = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
            server.awaitLive(stream);
            try (var second = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                server.awaitLog("stream.taken-over stream=" + stream, SOON);
                first.exitCode(SOON);
                try (var again = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                    assertThat(again.exitCode(SOON)).isNotZero();
                    assertThat(again.output()).contains(stream + " is being published by another encoder");
                }
                assertThat(second.isRunning()).as("the incumbent stays").isTrue();
            }
        }
    }

    @Test
    void anEncoderThatIsStoppedForAWhileGoesOnWithoutALoss() {
        var stream = "live/stopped";
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
            server.awaitLive(stream);
            try (var players = new PlayerPair(server, stream)) {
                publisher.signal("STOP");
                players.awaitSilence(Duration.ofSeconds(4));
                publisher.signal("CONT");
                players.awaitMore(3 * ENOUGH_PACKETS);
                for (var copy : players.stop()) {
                    copy.isRunOf(small, "video");
                    copy.isRunOf(small, "audio");
                }
            }
        }
    }

    /// Three encoders in turn: the cable of the first is cut, the third takes over from the second and is stopped for a
    /// while.
    @Test
    void overHlsACutCableATakeoverAndAStoppedEncoderAreOneStreamWithoutABreak() {
        var stream = "live/segments";
        var file = TestFiles.path("continuity-hls.md5");
        try (var wire = new BrokenWire(server.rtmpPort());
                var first = Ffmpeg.publish(Clips.small(), "rtmp://127.0.0.1:" + wire.port() + "/" + stream)) {
            server.awaitHls(stream);
            try (var player = Ffmpeg.hash(server.hls(stream), file, "-live_start_index", "0")) {
                Wait.until("it plays", SOON, () -> PlayerPair.lines(file) > ENOUGH_PACKETS);
                wire.cut();
                try (var second = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                    awaitEvents(stream, 1);
                    try (var third = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
                        awaitEvents(stream, 2);
                        stopForAWhile(third, file);
                        third.terminate();
                        third.exitCode(SOON);
                    }
                    assertThat(second.isRunning())
                            .as("the one that was displaced")
                            .isFalse();
                }
                player.succeeds(SOON);
                assertThat(player.output()).doesNotContainIgnoringCase("monoton");
                assertThat(gaps(stream)).as("all that it did not get").containsAll(missed(player));
            }
            assertThat(first).isNotNull();
        }
        var copy = Recording.read(file).isOrdered();
        assertThat(hashes(small.video())).containsAll(hashes(copy.video()));
        var heard = copy.audio().packets().stream().filter(packet -> !packet.isSilence());
        assertThat(hashes(small.audio())).containsAll(heard.map(Packet::hash).toList());
        assertThat(restarts(copy.video(), small.video()))
                .as("encoders that were seen to begin")
                .isEqualTo(2);
    }

    /// Numbers of the segments without a file: there are some if the second encoder was slow to start.
    private static List<String> gaps(String stream) {
        var playlist =
                RawHttp.get(server.httpPort(), "/" + stream + "/video.m3u8").body();
        return groups("#EXT-X-GAP\\R#EXTINF.*\\R.*-(\\d+)\\.m4s", playlist);
    }

    private static List<String> missed(Program player) {
        return groups("Failed to open segment (\\d+)", player.output());
    }

    private static List<String> groups(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void awaitEvents(String stream, int takeovers) {
        server.awaitLog("(?s)(stream.taken-over stream=" + stream + ".*){" + takeovers + "}", SOON);
    }

    private static void stopForAWhile(Program publisher, Path player) {
        publisher.signal("STOP");
        long[] seen = {0, System.nanoTime()};
        Wait.until("the player has nothing new for 4 s", SOON, () -> {
            long now = PlayerPair.lines(player);
            seen[1] = now == seen[0] ? seen[1] : System.nanoTime();
            seen[0] = now;
            return System.nanoTime() - seen[1] > Duration.ofSeconds(4).toNanos();
        });
        publisher.signal("CONT");
        Wait.until("it plays on", SOON, () -> PlayerPair.lines(player) > seen[0] + 2 * ENOUGH_PACKETS);
    }

    /// How often a packet is not the next of the source.
    private static long restarts(Recording.Track copy, Recording.Track source) {
        var order = hashes(source);
        var hashes = hashes(copy);
        return IntStream.range(1, hashes.size())
                .filter(i -> order.indexOf(hashes.get(i)) != order.indexOf(hashes.get(i - 1)) + 1)
                .count();
    }

    private static List<String> hashes(Recording.Track track) {
        return track.packets().stream().map(Packet::hash).toList();
    }

    @Test
    void pictureOfAnotherSizeDecodes() {
        var stream = "live/resized";
        try (var first = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
            server.awaitLive(stream);
            server.awaitHls(stream);
            var players = List.of(decode(server.rtmp(stream)), decode(server.flv(stream)), decode(server.hls(stream)));
            try {
                server.awaitLog("(?s)(session.play .*stream=" + stream + ".*){3}", SOON);
                first.kill();
                server.awaitLog("stream.waiting stream=" + stream, SOON);
                Ffmpeg.publish(Clips.short10s(), server.rtmp(stream)).succeeds(Duration.ofSeconds(30));
                players.forEach(player -> player.succeeds(Duration.ofSeconds(30)));
                players.forEach(player -> assertThat(player.output()).doesNotContain("rror while decoding"));
            } finally {
                players.forEach(Program::close);
            }
        }
    }

    private static Program decode(String url) {
        return Ffmpeg.start("-i", url, "-map", "0:v", "-map", "0:a", "-f", "null", "-");
    }

    @Test
    void anotherCodecEndsPlayersThatCannotFollow() {
        var stream = "live/recoded";
        var hevc =
                Clips.enhanced("continuity-hevc", "-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "aac");
        try (var first = Ffmpeg.publish(Clips.small(), server.rtmp(stream))) {
            server.awaitLive(stream);
            try (var players = new PlayerPair(server, stream)) {
                first.kill();
                server.awaitLog("stream.waiting stream=" + stream, SOON);
                try (var second = Ffmpeg.publish(hevc, server.rtmp(stream))) {
                    players.end();
                    assertThat(second).isNotNull();
                }
            }
        }
        assertThat(server.log()).containsPattern("session.end .*reason=codec_changed");
    }
}
