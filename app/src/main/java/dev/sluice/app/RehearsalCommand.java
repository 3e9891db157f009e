package dev.sluice.app;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.WrongUse;
import dev.sluice.app.media.MediaFailed;
import dev.sluice.app.media.PlayCommand;
import dev.sluice.hub.StreamName;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.server.config.ConfigError;
import dev.sluice.server.config.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// `sluice rehearse`: what a server does in its first seconds, on ports of its own, and then the end. The launcher
/// has the JVM watch it and keeps what it learned in the AOT cache, so that the next start is quicker. Sees no
/// configuration: it must work, and do no harm, beside a server that runs.
final class RehearsalCommand implements Command {
    private static final StreamName STREAM = new StreamName("live", "rehearsal");
    /// It runs at a low priority, perhaps on a busy machine.
    private static final Duration LIVE_WITHIN = Duration.ofSeconds(60);
    /// The launcher knows this exit code, and tries again at the next start.
    private static final int NO_TIME = 75;

    private static final Duration AT_MOST = Duration.ofMinutes(5);
    /// Long enough for segments of two seconds.
    private static final String PLAY_SECONDS = "5";

    private final Surroundings surroundings;

    RehearsalCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public List<String> description() {
        return List.of("Starts, publishes, plays and ends, for the AOT cache.");
    }

    @Override
    public boolean hidden() {
        return true;
    }

    @Override
    public int run(Line nothing) throws Exception {
        Thread.ofPlatform().name("sluice-bound").daemon().start(RehearsalCommand::endInAnyCase);
        var server = surroundings.starter().start(settings(), surroundings.plugins());
        var rtmp = "rtmp://" + DemoCommand.reachable(server.listeners(), "rtmp") + "/" + STREAM;
        var http = "http://" + DemoCommand.reachable(server.listeners(), "http");
        try (var publisher = DemoPublisher.start(DemoCommand.clip(), RtmpUrl.parse(rtmp), Duration.ofSeconds(1))) {
            if (!publisher.awaitLive(LIVE_WITHIN)) {
                throw new DemoFailed("the rehearsal could not publish to " + rtmp);
            }
            watch(rtmp, http);
        } finally {
            OrderlyStop.run(server.closing(), OrderlyStop.LIMIT, surroundings.err());
        }
        return 0;
    }

    /// Loopback, and ports that nobody else has; read as `serve` would, so that reading is in the cache, too.
    private Settings settings() throws ConfigError, WrongUse {
        var line = Line.of(new ServeCommand(surroundings), "--rtmp", "0", "--http", "0");
        return ServerOptions.load(line, surroundings.sections(), Map.of());
    }

    private static void watch(String rtmp, String http) throws InterruptedException, IOException {
        var players = List.of(
                Thread.ofVirtual().start(() -> play(rtmp)),
                Thread.ofVirtual().start(() -> play(http + "/" + STREAM + ".flv")));
        fetch(http + "/");
        fetch(http + "/-/streams.json");
        for (var player : players) {
            player.join();
        }
        var playlist = http + "/" + STREAM + "/index.m3u8";
        for (var line : fetch(playlist)
                .lines()
                .filter(l -> !l.startsWith("#") && !l.isBlank())
                .toList()) {
            fetch(URI.create(playlist).resolve(line).toString());
        }
    }

    private static void play(String url) {
        var nowhere = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var play = new PlayCommand(nowhere, nowhere, () -> false);
        try {
            play.run(Line.of(play, url, "--seconds", PLAY_SECONDS));
        } catch (MediaFailed | WrongUse e) {
            // The server may have been too slow for a player; a cache without its part is of use, too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String fetch(String url) throws IOException {
        try (var body = URI.create(url).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void endInAnyCase() {
        try {
            Thread.sleep(AT_MOST);
            Runtime.getRuntime().halt(NO_TIME);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
