package dev.sluice.server.config;

import dev.sluice.hub.StreamName;
import dev.sluice.server.config.ConfigNode.Entry;
import dev.sluice.server.config.ConfigNode.Mapping;
import dev.sluice.server.config.RecordKeys.SettingKey;
import dev.sluice.server.config.Settings.Overridden;
import dev.sluice.server.spi.AppSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The written tree → [Settings]: the keys at the top, the sections, then each application over what holds for
/// all.
final class SettingsBinder {
    private static final KeyPath APPS = KeyPath.of(KnownKeys.APPS);

    /// What survives in `name?key=SECRET` of a URL without escapes, so that what is typed is what arrives.
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._~-]{1,256}");

    private final KnownKeys known;
    private final Binder binder;
    private final Binder appBinder;

    SettingsBinder(KnownKeys known) {
        this.known = known;
        this.binder = Binder.forServer(known);
        this.appBinder = Binder.forApp(known);
    }

    Settings bind(Mapping root) throws ConfigError {
        refuseUnknown(root);
        var serverKeys = names(ServerSettings.class);
        var server = binder.bind(ServerSettings.DEFAULTS, only(root, serverKeys), KeyPath.ROOT);
        var defaults = AppSettings.DEFAULTS;
        var globalApp = new AppSettings(defaults.listed(), server.publish(), defaults.keys(), defaults.users());
        var appTrees = appTrees(root);
        var apps = new LinkedHashMap<String, AppSettings>();
        for (var app : appTrees.entrySet()) {
            apps.put(app.getKey(), app(app.getKey(), globalApp, app.getValue()));
        }
        var sections = new LinkedHashMap<String, Overridden<?>>();
        for (var section : known.sections()) {
            sections.put(section.name(), section(section, root, appTrees));
        }
        return new Settings(server, globalApp, apps, sections);
    }

    private void refuseUnknown(Mapping root) throws ConfigError {
        var siblings = new ArrayList<>(names(ServerSettings.class));
        known.sections().forEach(section -> siblings.add(section.name()));
        siblings.add(KnownKeys.APPS);
        for (var entry : root.entries().entrySet()) {
            if (!siblings.contains(entry.getKey())) {
                throw known.unknown(entry.getValue().origin(), KeyPath.of(entry.getKey()), siblings);
            }
        }
    }

    private <S extends Record> Overridden<S> section(Section<S> section, Mapping root, Map<String, Mapping> apps)
            throws ConfigError {
        var global =
                binder.bind(section.defaults(), below(root, KeyPath.of(section.name())), KeyPath.of(section.name()));
        var byApp = new LinkedHashMap<String, S>();
        for (var app : apps.entrySet()) {
            var at = APPS.child(app.getKey()).child(section.name());
            if (app.getValue().entries().containsKey(section.name())) {
                byApp.put(app.getKey(), appBinder.bind(global, below(app.getValue(), at), at));
            }
        }
        return new Overridden<>(global, byApp);
    }

    private Map<String, Mapping> appTrees(Mapping root) throws ConfigError {
        var trees = new LinkedHashMap<String, Mapping>();
        for (var entry : below(root, APPS).entries().entrySet()) {
            var app = entry.getKey();
            refuseAppName(app, entry.getValue());
            trees.put(app, Binder.mapping(entry.getValue(), APPS.child(app)));
        }
        return trees;
    }

    private static void refuseAppName(String app, Entry entry) throws ConfigError {
        var problem = StreamName.problem(app, "x");
        if (problem.isPresent()) {
            throw new ConfigError(entry.origin(), "'" + APPS.child(app) + "' cannot be: " + problem.get());
        }
    }

    private AppSettings app(String app, AppSettings global, Mapping tree) throws ConfigError {
        var at = APPS.child(app);
        var own = names(AppSettings.class);
        for (var entry : tree.entries().entrySet()) {
            if (!own.contains(entry.getKey())) {
                refuseUnlessOverridable(entry.getKey(), entry.getValue(), at);
            }
        }
        var settings = appBinder.bind(global, only(tree, own), at);
        checkKeys(app, settings, tree);
        checkUsers(app, settings, tree);
        return settings;
    }

    private void refuseUnlessOverridable(String name, Entry entry, KeyPath at) throws ConfigError {
        var section = known.section(name);
        if (section.isEmpty()) {
            var siblings = new ArrayList<>(names(AppSettings.class));
            known.sections().stream().filter(Section::overridablePerApp).forEach(s -> siblings.add(s.name()));
            throw known.unknown(entry.origin(), at.child(name), siblings);
        }
        if (!section.get().overridablePerApp()) {
            throw new ConfigError(
                    entry.origin(),
                    "'" + at.child(name) + "' cannot differ per application; set '" + name + "' instead");
        }
    }

    private static void checkKeys(String app, AppSettings settings, Mapping tree) throws ConfigError {
        var at = APPS.child(app).child("keys");
        var written = below(tree, at).entries();
        for (var key : settings.keys().entrySet()) {
            var origin = Optional.ofNullable(written.get(key.getKey()))
                    .map(Entry::origin)
                    .orElse(tree.origin());
            var problem = StreamName.problem(app, key.getKey());
            if (problem.isPresent()) {
                throw new ConfigError(origin, at.child(key.getKey()) + ": " + problem.get());
            }
            if (!SECRET.matcher(key.getValue()).matches()) {
                throw new ConfigError(
                        origin,
                        at.child(key.getKey())
                                + ": a key must be 1 to 256 letters, digits and . _ ~ - so that it fits into a URL");
            }
        }
    }

    private static void checkUsers(String app, AppSettings settings, Mapping tree) throws ConfigError {
        var at = APPS.child(app).child("users");
        var written = below(tree, at).entries();
        for (var user : settings.users().entrySet()) {
            var origin = Optional.ofNullable(written.get(user.getKey()))
                    .map(Entry::origin)
                    .orElse(tree.origin());
            if (!SECRET.matcher(user.getKey()).matches()) {
                throw new ConfigError(
                        origin, at.child(user.getKey()) + ": a user name must be 1 to 256 letters, digits and . _ ~ -");
            }
            if (user.getValue().isBlank()) {
                throw new ConfigError(origin, at.child(user.getKey()) + ": a user needs a password");
            }
        }
    }

    private static Mapping below(Mapping tree, KeyPath at) throws ConfigError {
        var entry = tree.entries().get(at.last());
        return entry == null ? Mapping.empty(tree.origin()) : Binder.mapping(entry, at);
    }

    private static Mapping only(Mapping tree, Collection<String> names) {
        var kept = new LinkedHashMap<>(tree.entries());
        kept.keySet().retainAll(names);
        return new Mapping(tree.origin(), kept);
    }

    private static List<String> names(Class<? extends Record> type) {
        return RecordKeys.of(type).stream().map(SettingKey::name).toList();
    }
}
