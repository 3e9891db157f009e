package dev.sluice.app;

import dev.sluice.server.config.ConfigError;
import dev.sluice.server.config.ConfigLoader;
import dev.sluice.server.config.SafeStart;
import dev.sluice.server.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// The options of a command that starts a server. Those that stand for one key go through the same reader as
/// `--set`, so a wrong value gets the same answer wherever it was written.
final class ServerOptions {
    /// Option → key. Data, not knowledge: without a plugin of that name the option is refused like any unknown
    /// key.
    private static final Map<String, String> KEYS =
            Map.of("--listen", "listen", "--rtmp", "rtmp.port", "--http", "http.port", "--data", "data");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file. Without one the server listens on loopback only.")
    private List<Path> files = List.of();

    @Option(names = "--listen", paramLabel = "ADDRESS", description = "Address to listen on (setting listen).")
    private List<String> listen = List.of();

    @Option(names = "--rtmp", paramLabel = "PORT", description = "RTMP port, 0 takes a free one (rtmp.port).")
    private List<String> rtmp = List.of();

    @Option(names = "--http", paramLabel = "PORT", description = "HTTP port, 0 takes a free one (http.port).")
    private List<String> http = List.of();

    @Option(names = "--data", paramLabel = "DIR", description = "Folder for what the server keeps (setting data).")
    private List<String> data = List.of();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set any key, such as http.port=8081; may be given more than once.")
    private List<String> assignments = List.of();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    /// All layers, checked; what it returns is safe to start.
    Settings load(Surroundings surroundings) throws ConfigError {
        var loader = new ConfigLoader(surroundings.sections());
        for (var file : files) {
            loader.file(file);
        }
        loader.environment(surroundings.environment());
        for (var assignment : assignments) {
            loader.set("--set", assignment);
        }
        setAll(loader, "--listen", listen);
        setAll(loader, "--rtmp", rtmp);
        setAll(loader, "--http", http);
        setAll(loader, "--data", data);
        var settings = loader.load();
        SafeStart.check(settings);
        return settings;
    }

    private static void setAll(ConfigLoader loader, String option, List<String> values) throws ConfigError {
        for (var value : values) {
            loader.set(option, KEYS.get(option) + "=" + value);
        }
    }
}
