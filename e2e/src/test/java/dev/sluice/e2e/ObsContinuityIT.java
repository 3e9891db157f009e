package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// OBS Studio loses its connection, or its stream to another OBS. It tries again by itself, three times as it is set up
/// here, after 1 s and then after longer and longer pauses.
class ObsContinuityIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String STREAM = "live/cam";
    private static final long MS = 1_000_000L;

    @AutoClose
    private SluiceProcess server;

    @BeforeEach
    void start() {
        server = SluiceProcess.serve();
    }

    @Test
    void afterItsConnectionBrokeItIsBackByItselfAndNobodyIsDropped() {
        try (var wire = new BrokenWire(server.rtmpPort());
                var obs = Obs.publish("broken", app(wire.port()), "cam")) {
            server.awaitLive(STREAM);
            try (var players = new PlayerPair(server, STREAM)) {
                wire.breakDown();
                server.awaitLog("stream.waiting stream=" + STREAM, SOON);
                obs.prints(failed(wire), SOON); // the first attempt, as the wire is still down
                wire.mend();
                server.awaitLog("stream.resumed stream=" + STREAM, SOON);
                players.awaitMore(3 * PlayerPair.ENOUGH_PACKETS);
                long goneMs = number("stream\\.resumed stream=" + STREAM + " \"A publisher is back after (\\d+) ms");
                for (var copy : players.stop()) {
                    assertThat(longestStepMs(copy.isOrdered().video()))
                            .as("the gap, by the times of the pictures, ms")
                            .isBetween(goneMs - 100, goneMs + 200);
                    assertThat(longestStepMs(copy.audio()))
                            .as("the gap, by the times of the sound, ms")
                            .isBetween(goneMs - 300, goneMs + 300);
                }
            }
            Ffmpeg.decodeTwoSeconds(server.rtmp(STREAM), TestFiles.path("obs-broken-frames.md5"));
            Obs.stop(obs);
        }
    }

    /// The server cannot know that the first connection is dead.
    @Test
    void whereOnlyItHeardThatItsConnectionIsGoneItIsBackAtOnce() {
        try (var wire = new BrokenWire(server.rtmpPort());
                var obs = Obs.publish("half-broken", app(wire.port()), "cam")) {
            server.awaitLive(STREAM);
            try (var players = new PlayerPair(server, STREAM)) {
                wire.cutAndTellEncoder();
                server.awaitLog("stream.taken-over stream=" + STREAM, SOON);
                players.awaitMore(3 * PlayerPair.ENOUGH_PACKETS);
                players.stop().forEach(Recording::isOrdered);
            }
            assertThat(obs.output()).doesNotContain(failed(wire));
            assertThat(server.log()).doesNotContain("stream.refused");
            Obs.stop(obs);
        }
    }

    /// It does not hear why its connection ends, as it does not read while it streams, so it comes back. Then it is
    /// told.
    @Test
    void anObsThatAnotherHasDisplacedIsToldWhyAndNeverGetsTheStreamBack() {
        try (var first = Obs.publish("first", app(server.rtmpPort()), "cam")) {
            server.awaitLive(STREAM);
            try (var players = new PlayerPair(server, STREAM);
                    var second = Obs.publish("second", app(server.rtmpPort()), "cam")) {
                server.awaitLog("stream.taken-over stream=" + STREAM, SOON);
                first.prints("Reconnecting in", SOON);
                first.prints(STREAM + " is being published by another encoder", SOON);
                first.prints("==== Streaming Stop ====", SOON);
                assertThat(first.output()).as("what it was told before").doesNotContain("has taken over");
                players.awaitMore(3 * PlayerPair.ENOUGH_PACKETS);
                players.stop().forEach(Recording::isOrdered);
                assertThat(second.output()).doesNotContain("Disconnected", "Reconnecting");
                assertThat(count("stream.taken-over")).isEqualTo(1);
                assertThat(count("session.publish")).as("accepted").isEqualTo(2);
                Obs.stop(second);
            }
            Obs.stop(first);
        }
    }

    private static String failed(BrokenWire wire) {
        return "Connection to " + app(wire.port()) + " failed";
    }

    private static String app(int port) {
        return "rtmp://127.0.0.1:" + port + "/live";
    }

    private long count(String text) {
        return server.log().lines().filter(line -> line.contains(text)).count();
    }

    private long number(String regex) {
        var found = Pattern.compile(regex).matcher(server.log());
        assertThat(found.find()).as(regex).isTrue();
        return Long.parseLong(found.group(1));
    }

    private static long longestStepMs(Recording.Track track) {
        long longest = 0;
        for (int i = 1; i < track.packets().size(); i++) {
            longest = Math.max(
                    longest,
                    track.packets().get(i).dtsNs() - track.packets().get(i - 1).dtsNs());
        }
        return longest / MS;
    }
}
