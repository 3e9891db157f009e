package dev.sluice.app;

import dev.sluice.server.Server;
import dev.sluice.server.StartFailed;
import dev.sluice.server.config.Section;
import dev.sluice.server.config.Settings;
import dev.sluice.server.spi.Plugin;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/// What a command finds around it; a test gives its own.
record Surroundings(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        List<Plugin<?>> plugins,
        Starter starter,
        StopSignal stop) {
    Surroundings {
        environment = Map.copyOf(environment);
        plugins = List.copyOf(plugins);
    }

    static Surroundings ofThisProcess(StopSignal stop) {
        return new Surroundings(
                System.out, System.err, System.getenv(), installedPlugins(), Surroundings::startServer, stop);
    }

    /// Every plugin on the class path, in the order of their names, so that a start does not depend on the class
    /// path.
    static List<Plugin<?>> installedPlugins() {
        var plugins = new ArrayList<Plugin<?>>();
        for (Plugin<?> plugin : ServiceLoader.load(Plugin.class)) {
            plugins.add(plugin);
        }
        plugins.sort((a, b) -> a.name().compareTo(b.name()));
        return plugins;
    }

    private static Running startServer(Settings settings, List<Plugin<?>> plugins) throws StartFailed {
        var server = Server.start(settings, plugins);
        return new Running(server.listeners(), server::close);
    }

    /// The sections of the configuration file, of the centre and of the plugins.
    List<Section<?>> sections() {
        return Server.sections(plugins);
    }

    @FunctionalInterface
    interface Starter {
        Running start(Settings settings, List<Plugin<?>> plugins) throws StartFailed;
    }

    /// A server that accepts.
    ///
    /// @param listeners what listens where, by name
    /// @param closing ends it; returns when everything has ended
    record Running(Map<String, InetSocketAddress> listeners, Runnable closing) {}
}
