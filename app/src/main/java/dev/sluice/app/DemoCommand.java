package dev.sluice.app;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.hub.StreamName;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.server.config.Settings;
import dev.sluice.server.spi.AppSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `sluice demo`: the server, and a test picture published to it over a real connection.
final class DemoCommand implements Command {
    private static final StreamName DEMO = new StreamName("live", "demo");
    /// 288 frames at 30 per second; 450 frames of 1024 samples at 48 kHz.
    private static final long CLIP_MS = 9_600;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LIVE_WITHIN = Duration.ofSeconds(10);

    private final Surroundings surroundings;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public List<String> description() {
        return List.of(
                "Runs the server, publishes a moving test picture with tone to " + DEMO + ", and says where to look.",
                "Ends on Ctrl-C or SIGTERM; a second one ends it at once.");
    }

    @Override
    public List<Opt<?>> options() {
        return ServerOptions.ALL;
    }

    @Override
    public int run(Line line) throws Exception {
        var settings = ServerOptions.load(line, surroundings.sections(), surroundings.environment());
        var clip = clip();
        var server = surroundings.starter().start(settings, surroundings.plugins());
        try {
            var rtmp = reachable(server.listeners(), "rtmp");
            var http = reachable(server.listeners(), "http");
            var publisher = DemoPublisher.start(clip, publishUrl(rtmp, settings), RETRY_AFTER);
            return run(publisher, rtmp, http, server);
        } catch (DemoFailed e) {
            OrderlyStop.run(server.closing(), OrderlyStop.LIMIT, surroundings.err());
            throw e;
        }
    }

    private int run(DemoPublisher publisher, String rtmp, String http, Surroundings.Running server)
            throws InterruptedException, DemoFailed {
        if (!publisher.awaitLive(LIVE_WITHIN)) {
            publisher.close();
            throw new DemoFailed("the demo could not publish to rtmp://" + rtmp + "/" + DEMO + "; the log says why");
        }
        surroundings.out().println("Watch    http://" + http + "/");
        surroundings
                .out()
                .println("Players  rtmp://" + rtmp + "/" + DEMO + "   http://" + http + "/" + DEMO + "/index.m3u8");
        surroundings.out().println("OBS      server rtmp://" + rtmp + "/" + DEMO.app() + "   stream key mystream");
        surroundings.out().println("Stop     Ctrl-C");
        surroundings.out().flush();
        surroundings.stop().await();
        return OrderlyStop.run(
                () -> {
                    publisher.close();
                    server.closing().run();
                },
                OrderlyStop.LIMIT,
                surroundings.err());
    }

    static String reachable(Map<String, InetSocketAddress> listeners, String name) throws DemoFailed {
        var listener = listeners.get(name);
        if (listener == null) {
            throw new DemoFailed(
                    "the demo needs the server to listen for " + name + ", but the configuration disables it");
        }
        return Listeners.reachable(listener);
    }

    /// With the key that the configuration asks for, if it does.
    private static RtmpUrl publishUrl(String rtmp, Settings settings) throws DemoFailed {
        var app = settings.apps().of(DEMO.app());
        var plain = "rtmp://" + rtmp + "/" + DEMO;
        if (app.publish() != AppSettings.PublishPolicy.KEYS) {
            return RtmpUrl.parse(plain);
        }
        var key = app.keys().get(DEMO.name());
        if (key == null) {
            throw new DemoFailed("the demo publishes to " + DEMO
                    + ", but the configuration has no key for it: add apps." + DEMO.app() + ".keys." + DEMO.name());
        }
        return RtmpUrl.parse(plain + "?key=" + key);
    }

    /// The bundled clip.
    static DemoClip clip() throws IOException {
        try (var flv = DemoCommand.class.getResourceAsStream("/demo/demo.flv")) {
            return DemoClip.read(Objects.requireNonNull(flv, "demo.flv is part of the build"), CLIP_MS);
        }
    }
}
