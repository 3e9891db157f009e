package dev.sluice.app;

import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.server.config.ConfigError;
import dev.sluice.server.config.ConfigLoader;
import dev.sluice.server.config.SafeStart;
import dev.sluice.server.config.Section;
import dev.sluice.server.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The options of a command that starts a server. Those that stand for one key go through the same reader as
/// `--set`, so a wrong value gets the same answer wherever it was written.
final class ServerOptions {
    private static final Opt<List<String>> FILES =
            Opt.texts("-c, --config", "FILE", "Configuration file. Without one the server listens on loopback only.");
    private static final List<OfOneKey> OF_ONE_KEY = List.of(
            new OfOneKey("listen", Opt.texts("--listen", "ADDRESS", "Address to listen on (setting listen).")),
            new OfOneKey("rtmp.port", Opt.texts("--rtmp", "PORT", "RTMP port, 0 takes a free one (rtmp.port).")),
            new OfOneKey("http.port", Opt.texts("--http", "PORT", "HTTP port, 0 takes a free one (http.port).")),
            new OfOneKey("data", Opt.texts("--data", "DIR", "Folder for what the server keeps (setting data).")));
    private static final Opt<List<String>> ASSIGNMENTS =
            Opt.texts("--set", "KEY=VALUE", "Set any key, such as http.port=8081; may be given more than once.");

    static final List<Opt<?>> ALL = all();

    private ServerOptions() {}

    /// An option that stands for one key. Data, not knowledge: without a plugin of that name the option is refused
    /// like any unknown key.
    private record OfOneKey(String key, Opt<List<String>> option) {}

    private static List<Opt<?>> all() {
        var all = new ArrayList<Opt<?>>(List.of(FILES));
        OF_ONE_KEY.forEach(one -> all.add(one.option()));
        all.add(ASSIGNMENTS);
        return List.copyOf(all);
    }

    /// All layers, checked; what it returns is safe to start.
    static Settings load(Line line, List<Section<?>> sections, Map<String, String> environment) throws ConfigError {
        var loader = new ConfigLoader(sections);
        for (var file : line.get(FILES)) {
            loader.file(Path.of(file));
        }
        loader.environment(environment);
        for (var assignment : line.get(ASSIGNMENTS)) {
            loader.set(ASSIGNMENTS.name(), assignment);
        }
        for (var one : OF_ONE_KEY) {
            for (var value : line.get(one.option())) {
                loader.set(one.option().name(), one.key() + "=" + value);
            }
        }
        var settings = loader.load();
        SafeStart.check(settings);
        return settings;
    }
}
