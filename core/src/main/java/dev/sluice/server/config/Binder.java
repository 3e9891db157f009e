package dev.sluice.server.config;

import dev.sluice.server.config.ConfigNode.Entry;
import dev.sluice.server.config.ConfigNode.Items;
import dev.sluice.server.config.ConfigNode.Mapping;
import dev.sluice.server.config.ConfigNode.Scalar;
import dev.sluice.server.config.RecordKeys.SettingKey;
import dev.sluice.server.config.RecordKeys.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Lays what was written over an instance of a settings record. That instance is the one place of the defaults:
/// of the whole server, or, for an application, what holds for the server.
final class Binder {
    private final KnownKeys known;
    private final boolean inApp;

    private Binder(KnownKeys known, boolean inApp) {
        this.known = known;
        this.inApp = inApp;
    }

    static Binder forServer(KnownKeys known) {
        return new Binder(known, false);
    }

    /// Refuses what an application cannot override.
    static Binder forApp(KnownKeys known) {
        return new Binder(known, true);
    }

    <R extends Record> R bind(R defaults, Mapping written, KeyPath at) throws ConfigError {
        var keys = RecordKeys.of(defaults.getClass());
        refuseUnknown(keys, written, at);
        var values = new ArrayList<Object>();
        for (var key : keys) {
            var before = RecordKeys.value(defaults, key.name());
            var entry = written.entries().get(key.name());
            values.add(entry == null ? before : value(key, before, entry, at.child(key.name())));
        }
        return construct(defaults, values, written, at);
    }

    private void refuseUnknown(List<SettingKey> keys, Mapping written, KeyPath at) throws ConfigError {
        var names = keys.stream().map(SettingKey::name).toList();
        for (var entry : written.entries().entrySet()) {
            if (!names.contains(entry.getKey())) {
                throw known.unknown(entry.getValue().origin(), at.child(entry.getKey()), names);
            }
        }
    }

    private Object value(SettingKey key, Object before, Entry entry, KeyPath at) throws ConfigError {
        if (inApp && key.serverWide()) {
            throw new ConfigError(
                    entry.origin(), "'" + at + "' cannot differ per application; set '" + at.below(2) + "' instead");
        }
        return switch (key.shape()) {
            case STRING_LIST -> strings(key, entry.value(), at);
            case STRING_MAP -> stringMap(mapping(key, entry, at), at);
            case RECORD -> bind((Record) before, mapping(key, entry, at), at);
            case INT, LONG, DOUBLE, BOOLEAN, STRING, ENUM -> {
                if (!(entry.value() instanceof Scalar scalar)) {
                    throw wrongKind(key, entry.value(), at);
                }
                yield ScalarValues.of(key, scalar, at);
            }
        };
    }

    /// A key with nothing below it is an empty map: often somebody commented its lines out.
    static Mapping mapping(Entry entry, KeyPath at) throws ConfigError {
        return mapping(new SettingKey(at.last(), Map.class, Shape.RECORD, 0, 0, "", false), entry, at);
    }

    private static Mapping mapping(SettingKey key, Entry entry, KeyPath at) throws ConfigError {
        return switch (entry.value()) {
            case Mapping map -> map;
            case Scalar scalar when scalar.missing() -> Mapping.empty(entry.origin());
            case Scalar scalar -> throw wrongKind(key, scalar, at);
            case Items items -> throw wrongKind(key, items, at);
        };
    }

    private static ConfigError wrongKind(SettingKey key, ConfigNode found, KeyPath at) {
        return new ConfigError(found.origin(), at + " must be " + ScalarValues.wanted(key) + ", not " + found.kind());
    }

    private static List<String> strings(SettingKey key, ConfigNode node, KeyPath at) throws ConfigError {
        if (!(node instanceof Items items)) {
            throw wrongKind(key, node, at);
        }
        var strings = new ArrayList<String>();
        for (var item : items.nodes()) {
            strings.add(string(item, at));
        }
        return List.copyOf(strings);
    }

    private static Map<String, String> stringMap(Mapping map, KeyPath at) throws ConfigError {
        var strings = new LinkedHashMap<String, String>();
        for (var entry : map.entries().entrySet()) {
            strings.put(entry.getKey(), string(entry.getValue().value(), at.child(entry.getKey())));
        }
        return Collections.unmodifiableMap(strings);
    }

    private static String string(ConfigNode node, KeyPath at) throws ConfigError {
        if (!(node instanceof Scalar scalar)) {
            throw new ConfigError(node.origin(), at + " must be a single text, not " + node.kind());
        }
        return ScalarValues.string(scalar, at);
    }

    @SuppressWarnings("unchecked")
    private static <R extends Record> R construct(R defaults, List<Object> values, Mapping written, KeyPath at)
            throws ConfigError {
        try {
            return (R) RecordKeys.construct(defaults.getClass(), values.toArray());
        } catch (IllegalArgumentException refused) {
            var why = "" + refused.getMessage();
            var place = at.depth() == 0 ? "" : at + ": ";
            throw new ConfigError(blame(written, why), place + why);
        }
    }

    /// A record's own check names the component that it does not like; that one's line helps more than the
    /// section's.
    private static Origin blame(Mapping written, String why) {
        return written.entries().entrySet().stream()
                .filter(e -> Pattern.compile("\\b" + Pattern.quote(e.getKey()) + "\\b")
                        .matcher(why)
                        .find())
                .map(e -> e.getValue().value().origin())
                .findFirst()
                .orElse(written.origin());
    }
}
