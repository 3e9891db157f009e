package dev.sluice.app;

import dev.sluice.server.StartFailed;
import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import dev.sluice.server.config.ServerWide;
import dev.sluice.server.config.Settings;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.ServerContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The command line with a plugin of its own and a server that opens nothing.
final class CommandLineFixture {
    final Map<String, String> environment = new HashMap<>();
    final List<Settings> started = new ArrayList<>();
    final List<Integer> halted = new ArrayList<>();
    final StopSignal stop = new StopSignal(halted::add);
    Runnable closing = () -> {};
    String startFails = "";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    record FakeSettings(
            @Doc("TCP port.") @ServerWide @Range(min = 0, max = 65_535)
            int port,

            @Doc("Frames.") int frames) {}

    static final class FakePlugin implements Plugin<FakeSettings> {
        @Override
        public String name() {
            return "rtmp";
        }

        @Override
        public FakeSettings defaults() {
            return new FakeSettings(1935, 5);
        }

        @Override
        public AutoCloseable start(ServerContext server, PerApp<FakeSettings> settings) {
            return () -> {};
        }
    }

    int run(String... args) {
        return Main.run(surroundings(), args);
    }

    Surroundings surroundings() {
        return new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                List.of(new FakePlugin()),
                this::start,
                stop);
    }

    private Surroundings.Running start(Settings settings, List<Plugin<?>> plugins) throws StartFailed {
        if (!startFails.isEmpty()) {
            throw new StartFailed(startFails);
        }
        started.add(settings);
        var address = InetAddress.ofLiteral("127.0.0.1");
        return new Surroundings.Running(
                Map.of("http", new InetSocketAddress(address, 8080), "rtmp", new InetSocketAddress(address, 1935)),
                () -> closing.run());
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /// The settings of the only server that was started.
    Settings settings() {
        return started.getFirst();
    }

    int rtmpPort() {
        return settings().global("rtmp", new FakePlugin().defaults()).port();
    }
}
