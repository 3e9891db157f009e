package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Whole sessions of real clients with something wrong in them, many at once, against a server on which somebody
/// publishes and somebody plays. Those two lose nothing; the server stays small, closes every one of them and has
/// no story to tell.
///
/// `-Dsluice.mutated.sessions=10000` runs more of them, `-Dsluice.mutated.seed=N` others; number and seed make a
/// session, so `-Dsluice.mutated.first=N -Dsluice.mutated.sessions=1` runs one again.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MutatedSessionsIT {
    private static final int SESSIONS = Integer.getInteger("sluice.mutated.sessions", 300);
    private static final int FIRST = Integer.getInteger("sluice.mutated.first", 0);
    private static final long SEED = Long.getLong("sluice.mutated.seed", 1);
    private static final int PER_SECOND = Integer.getInteger("sluice.mutated.perSecond", 40);
    private static final int AT_ONCE = 24;
    /// What one canary sees: its clip lasts two minutes.
    private static final int ROUND = 60 * PER_SECOND;

    private static final int MIB = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(15);
    /// What the recorded players play.
    private static final String PLAYED = "five";

    private static final List<Capture> CAPTURES = Capture.all();

    @AutoClose
    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(
                List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"), // so that memory grows off the heap only
                "--set",
                "hub.wireIdleMs=500",
                "--set",
                "continuity.waitMs=500");
    }

    /// Otherwise the rest would prove nothing.
    @Test
    @Order(1)
    void recordingsAsTheyAreArePublishedAndPlayed() {
        assertThat(CAPTURES).hasSizeGreaterThan(5);
        try (var played = Ffmpeg.publish(Clips.small(), server.rtmp("live/" + PLAYED))) {
            server.awaitLive("live/" + PLAYED);
            for (var capture : CAPTURES) {
                var mine = capture.publishes()
                        ? capture.of("z".repeat(capture.stream().length()))
                        : capture;
                assertThat(Replay.run(server.rtmpPort(), Capture.joined(mine.pieces()), new Random(7)))
                        .as(capture.name())
                        .isNotEqualTo(Replay.End.STILL_OPEN);
                server.awaitLog(
                        "session." + (mine.publishes() ? "publish" : "play") + " .*stream=live/" + mine.stream() + " ",
                        SOON);
                server.awaitGone("live/" + "z".repeat(capture.stream().length()));
            }
            assertThat(played.isRunning()).isTrue();
        }
        server.awaitGone("live/" + PLAYED);
    }

    @Test
    @Order(2)
    void othersLoseNothingAndTheServerStaysAsItWas() {
        long heapBefore = server.liveHeapBytes();
        long residentBefore = server.residentBytes();
        int socketsBefore = sockets();
        var ends = new EnumMap<Replay.End, Integer>(Replay.End.class);
        long residentMost = 0;
        int at = 0;
        for (int round = 0; at < SESSIONS; round++, at += ROUND) {
            run("canary%03d".formatted(round), FIRST + at, Math.min(ROUND, SESSIONS - at), ends);
            residentMost = Math.max(residentMost, server.residentBytes());
        }
        Wait.until("every socket is closed", SOON, () -> sockets() <= socketsBefore);
        report(ends, residentMost - residentBefore, server.liveHeapBytes() - heapBefore);
        // Segments of a stream that has ended stay a while for those who are still reading them.
        Wait.until(
                "no session left anything in the heap",
                Duration.ofMinutes(2),
                () -> server.liveHeapBytes() - heapBefore < 8L * MIB);
        assertThat(ends).as("connections that the server keeps").doesNotContainKey(Replay.End.STILL_OPEN);
        assertThat(residentMost - residentBefore).as("growth in bytes").isLessThan(96L * MIB);
        assertThat(lines(" ERROR ")).as("errors in the log").isEmpty();
        assertThat(lines("session.publish ")).as("many got far").hasSizeGreaterThan(SESSIONS / 10);
    }

    /// One canary and its share of the sessions.
    private static void run(String name, int first, int count, Map<Replay.End, Integer> ends) {
        try (var canary = new Canary(server, "mutated-" + name, "live/" + name);
                var played = Ffmpeg.publish(Clips.small(), server.rtmp("live/" + PLAYED));
                var threads = new ScheduledThreadPoolExecutor(AT_ONCE)) {
            server.awaitLive("live/" + PLAYED);
            var running = new ArrayList<Future<Replay.End>>();
            for (int i = 0; i < count; i++) {
                int number = first + i;
                running.add(
                        threads.schedule(() -> session(number), i * 1_000_000L / PER_SECOND, TimeUnit.MICROSECONDS));
            }
            running.forEach(session -> ends.merge(endOf(session), 1, Integer::sum));
            assertThat(played.isRunning()).as("the other publisher goes on").isTrue();
            canary.assertUnharmed();
        }
        server.awaitGone("live/" + PLAYED);
    }

    private static Replay.End session(int number) {
        var random = new Random(SEED * 1_000_003 + number);
        var capture = CAPTURES.get(random.nextInt(CAPTURES.size()));
        var mine = capture.publishes()
                ? capture.of(streamOf(number, capture.stream().length()))
                : capture;
        return Replay.run(server.rtmpPort(), Mutation.spoil(mine, random), random);
    }

    private static String streamOf(int number, int length) {
        var digits = Integer.toString(number, 36);
        return "0".repeat(Math.max(0, length - digits.length())) + digits;
    }

    private static Replay.End endOf(Future<Replay.End> session) {
        try {
            return session.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static int sockets() {
        try (var open = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return (int) open.filter(MutatedSessionsIT::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static List<String> lines(String text) {
        return server.log().lines().filter(line -> line.contains(text)).toList();
    }

    private static void report(Map<Replay.End, Integer> ends, long residentGrowth, long heapGrowth) {
        var limits = RawHttp.get(server.httpPort(), "/-/limits.json").body();
        var reasons = lines("session.end ").stream()
                .collect(Collectors.groupingBy(
                        line -> line.replaceAll(".* reason=(\\S+) .*", "$1"), Collectors.counting()));
        var text =
                "seed %d, sessions %d to %d: %s; published %d, played %d; ended %s; resident +%d KiB, heap +%d KiB%n%s%n"
                        .formatted(
                                SEED,
                                FIRST,
                                FIRST + SESSIONS - 1,
                                ends,
                                lines("session.publish ").size(),
                                lines("session.play ").size(),
                                reasons,
                                residentGrowth / 1024,
                                heapGrowth / 1024,
                                limits);
        TestFiles.write("mutated-sessions.txt", text);
        System.out.println(text);
    }
}
