package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Publishers meet with mishaps, and five players watch: nobody is disconnected, times grow, everything decodes. One
/// mishap always; `-Dsluice.continuity=all`, or names of [Breakage.Kind], measures the table of
/// `docs/reference/continuity.md` and writes its rows to `target/e2e/continuity-*.md`.
class ContinuityTableIT {
    private static final String WANTED = System.getProperty("sluice.continuity", Breakage.Kind.OTHER_PARAMETERS.name());
    private static final Duration SOON = Duration.ofSeconds(40);
    /// Pictures before a mishap, so that players have filled what they read ahead.
    private static final int BEFORE = 90;
    /// Pictures after it, more than what players still had: 10 s.
    private static final int AFTER = 300;

    @AutoClose
    private static SluiceProcess server;

    @AutoClose
    private static Chromium browser;

    static List<Breakage.Kind> kinds() {
        return Arrays.stream(Breakage.Kind.values())
                .filter(kind ->
                        WANTED.equals("all") || List.of(WANTED.split(",")).contains(kind.name()))
                .toList();
    }

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve();
        browser = new Chromium();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void fivePlayersGoOn(Breakage.Kind kind) throws Exception {
        try (var breakage = new Breakage(server, kind);
                var audience = new Audience(breakage)) {
            breakage.run(audience::settle);
            audience.awaitAll(AFTER);
            var seen = audience.stop();
            TestFiles.write(
                    "continuity-" + kind + ".md",
                    "| " + kind.words() + " | "
                            + seen.values().stream().map(Seen::words).collect(Collectors.joining(" | ")) + " |\n"
                            + "<!-- Chromium " + browser.version() + " " + seen + " -->\n");
            assertThat(seen).allSatisfy((player, saw) -> {
                assertThat(saw.disconnects()).as(player + ": disconnects").isZero();
                assertThat(saw.backSteps()).as(player + ": times out of order").isZero();
                assertThat(saw.errors()).as(player + ": errors").isEmpty();
            });
        }
    }

    /// The five players of one stream.
    private static final class Audience implements AutoCloseable {
        private final Breakage breakage;
        private final Map<String, DecodingPlayer> players = new LinkedHashMap<>();
        private final Map<String, IntSupplier> counts = new LinkedHashMap<>();
        private WatchedPage page;
        private long brokenNs;

        Audience(Breakage breakage) {
            this.breakage = breakage;
        }

        /// They come, and everything is as it should be.
        void settle() {
            var stream = breakage.stream();
            Map.of("RTMP", server.rtmp(stream), "FLV", server.flv(stream), "HLS", server.hls(stream))
                    .forEach((name, url) ->
                            players.put(name, new DecodingPlayer(stream.replace('/', '-') + name, url)));
            page = new WatchedPage(browser, server.http("/?stream=" + stream));
            players.forEach((name, player) -> counts.put(name, player::count));
            counts.put(WatchedPage.HLS, () -> page.count(WatchedPage.HLS));
            counts.put(WatchedPage.LOW_DELAY, () -> page.count(WatchedPage.LOW_DELAY));
            awaitAll(BEFORE);
            page.mark();
            brokenNs = System.nanoTime();
        }

        void awaitAll(int more) {
            var until = new LinkedHashMap<String, Integer>();
            counts.forEach((name, count) -> until.put(name, count.getAsInt() + more));
            until.forEach((name, count) ->
                    Wait.until(name + " goes on", SOON, () -> counts.get(name).getAsInt() >= count));
        }

        Map<String, Seen> stop() {
            var known = breakage.hasOneSize()
                    ? breakage.clips().stream()
                            .distinct()
                            .flatMap(clip -> decoded(clip).stream())
                            .collect(Collectors.toSet())
                    : Set.<String>of();
            var seen = new LinkedHashMap<String, Seen>();
            for (var player : List.of("RTMP", "FLV", "HLS")) {
                seen.put("FFmpeg over " + player, players.get(player).stop(brokenNs, known));
            }
            seen.put("hls.js", page.stop(WatchedPage.HLS));
            seen.put("low delay", page.stop(WatchedPage.LOW_DELAY));
            return seen;
        }

        private static Set<String> decoded(Path clip) {
            var file = TestFiles.path("decoded.md5");
            Ffmpeg.start(
                            "-i",
                            clip.toString(),
                            "-map",
                            "0:v",
                            "-fps_mode",
                            "passthrough",
                            "-f",
                            "framemd5",
                            file.toString())
                    .succeeds(SOON);
            return Recording.read(file).video().packets().stream()
                    .map(Recording.Packet::hash)
                    .collect(Collectors.toSet());
        }

        @Override
        public void close() {
            players.values().forEach(DecodingPlayer::close);
            if (page != null) {
                page.close();
            }
        }
    }
}
