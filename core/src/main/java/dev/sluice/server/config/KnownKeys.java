package dev.sluice.server.config;

import dev.sluice.server.config.RecordKeys.SettingKey;
import dev.sluice.server.config.RecordKeys.Shape;
import dev.sluice.server.spi.AppSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every key that the given sections know, to find the type of a key, its environment name, or the key that
/// somebody meant. Applications are not in it by name: `apps` counts as one key that holds a map.
final class KnownKeys {
    static final String APPS = "apps";

    private final Map<KeyPath, SettingKey> keys = new LinkedHashMap<>();
    private final List<Section<?>> sections;

    KnownKeys(List<Section<?>> sections) {
        this.sections = List.copyOf(sections);
        collect(KeyPath.ROOT, ServerSettings.class);
        keys.put(KeyPath.of(APPS), map(APPS));
        for (var section : sections) {
            var at = KeyPath.of(section.name());
            refuseTwice(section.name(), at);
            keys.put(at, map(section.name()));
            collect(at, section.defaults().getClass());
        }
    }

    private static SettingKey map(String name) {
        return new SettingKey(name, Map.class, Shape.RECORD, 0, 0, "", false);
    }

    private void refuseTwice(String name, KeyPath at) {
        boolean ofApp = RecordKeys.of(AppSettings.class).stream()
                .anyMatch(key -> key.name().equals(name));
        if (ofApp || keys.containsKey(at)) {
            throw new IllegalArgumentException("two things want the configuration section '" + name + "'");
        }
    }

    private void collect(KeyPath at, Class<? extends Record> type) {
        for (var key : RecordKeys.of(type)) {
            keys.put(at.child(key.name()), key);
            if (key.shape() == Shape.RECORD) {
                collect(at.child(key.name()), key.type().asSubclass(Record.class));
            }
        }
    }

    /// Keys that hold a value of their own, in the order of the file; sections and nested records left out.
    List<KeyPath> leaves() {
        return keys.entrySet().stream()
                .filter(e -> e.getValue().shape() != Shape.RECORD || e.getKey().equals(KeyPath.of(APPS)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// What the key holds; empty for a key that nobody knows, and for a name inside a map.
    Optional<Shape> shapeOf(KeyPath path) {
        if (path.depth() >= 2 && path.segments().getFirst().equals(APPS)) {
            return path.depth() == 2 ? Optional.of(Shape.RECORD) : shapeInApp(path.below(2));
        }
        return Optional.ofNullable(keys.get(path)).map(SettingKey::shape);
    }

    private Optional<Shape> shapeInApp(KeyPath path) {
        return RecordKeys.of(AppSettings.class).stream()
                .filter(key -> path.equals(KeyPath.of(key.name())))
                .map(SettingKey::shape)
                .findFirst()
                .or(() -> Optional.ofNullable(keys.get(path)).map(SettingKey::shape));
    }

    Optional<Section<?>> section(String name) {
        return sections.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    List<Section<?>> sections() {
        return sections;
    }

    /// The error for a key that is not known at its place.
    ///
    /// @param siblings the keys that are known there
    ConfigError unknown(Origin origin, KeyPath path, Collection<String> siblings) {
        var parent = new KeyPath(path.segments().subList(0, path.depth() - 1));
        var meant = Nearest.of(path.last(), siblings)
                .map(parent::child)
                .map(List::of)
                .orElseGet(() -> elsewhere(path));
        return new ConfigError(origin, "unknown key '" + path + "'; " + hint(meant, siblings));
    }

    private static String hint(List<KeyPath> meant, Collection<String> siblings) {
        if (meant.isEmpty()) {
            return "known here: " + String.join(", ", siblings);
        }
        return "did you mean "
                + String.join(
                        " or ", meant.stream().map(path -> "'" + path + "'").toList()) + "?";
    }

    /// The same word in another section: `port` may be meant as `http.port`.
    private List<KeyPath> elsewhere(KeyPath path) {
        var found = new ArrayList<KeyPath>();
        for (var known : keys.keySet()) {
            if (known.last().equalsIgnoreCase(path.last()) && found.size() < 3) {
                found.add(known);
            }
        }
        return found;
    }
}
