package dev.sluice.server.config;

import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.PerApp;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// All settings, typed and checked. Immutable; any thread.
public final class Settings {
    private final ServerSettings server;
    private final AppSettings globalApp;
    private final Map<String, AppSettings> apps;
    private final Map<String, Overridden<?>> sections;

    Settings(
            ServerSettings server,
            AppSettings globalApp,
            Map<String, AppSettings> apps,
            Map<String, Overridden<?>> sections) {
        this.server = server;
        this.globalApp = globalApp;
        this.apps = Collections.unmodifiableMap(new LinkedHashMap<>(apps));
        this.sections = Map.copyOf(sections);
    }

    public ServerSettings server() {
        return server;
    }

    public PerApp<AppSettings> apps() {
        return new Overridden<>(globalApp, apps);
    }

    /// Applications that the configuration names; streams may appear in others too.
    public Set<String> appNames() {
        return apps.keySet();
    }

    /// A section, with what applications override in it.
    ///
    /// @param defaults any instance of the section's record, to say its type
    public <S extends Record> PerApp<S> perApp(String section, S defaults) {
        var found = sections.get(section);
        if (found == null || found.global().getClass() != defaults.getClass()) {
            throw new IllegalArgumentException("no section '" + section + "' of " + defaults.getClass());
        }
        @SuppressWarnings("unchecked") // all instances in it are of the class just compared
        var typed = (PerApp<S>) found;
        return typed;
    }

    /// A section as it holds for the whole server.
    ///
    /// @param defaults any instance of the section's record, to say its type
    public <S extends Record> S global(String section, S defaults) {
        return perApp(section, defaults).global();
    }

    /// Shows no secret: [AppSettings] hides its own.
    @Override
    public String toString() {
        return "Settings[" + server + ", sections " + sections.keySet() + ", apps " + apps.keySet() + "]";
    }

    /// What holds for the server, and for the applications that say something else.
    record Overridden<S extends Record>(S global, Map<String, S> byApp) implements PerApp<S> {
        Overridden {
            byApp = Map.copyOf(byApp);
        }

        @Override
        public S of(String app) {
            return byApp.getOrDefault(app, global);
        }
    }
}
