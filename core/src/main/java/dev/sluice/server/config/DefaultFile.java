package dev.sluice.server.config;

import dev.sluice.server.config.RecordKeys.SettingKey;
import dev.sluice.server.config.RecordKeys.Shape;
import dev.sluice.server.spi.AppSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes the commented default `sluice.yaml` from the records, so that it cannot say anything else than they do.
public final class DefaultFile {
    private static final int WIDTH = 118;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9_./-]*");

    private final List<Section<?>> sections;
    private final StringBuilder out = new StringBuilder();

    private DefaultFile(List<Section<?>> sections) {
        this.sections = sections;
    }

    /// The whole text. Loading it gives the defaults.
    public static String text(List<Section<?>> sections) {
        return new DefaultFile(List.copyOf(sections)).write();
    }

    private String write() {
        comment("", "Sluice settings. Every line shows its default: keep what you change, remove the rest.");
        comment(
                "",
                "Later wins: this file, environment variables (named behind each key), --set key=value, other options.");
        keys(ServerSettings.DEFAULTS, KeyPath.ROOT);
        for (var section : sections) {
            out.append('\n');
            comment("", RecordKeys.docOf(section.defaults().getClass()));
            out.append(section.name()).append(":\n");
            keys(section.defaults(), KeyPath.of(section.name()));
        }
        apps();
        return out.toString();
    }

    private void keys(Record record, KeyPath at) {
        var indent = "  ".repeat(at.depth());
        for (var key : RecordKeys.of(record.getClass())) {
            var path = at.child(key.name());
            out.append(at.depth() == 0 ? "\n" : "");
            comment(indent, key.doc() + describe(key, path));
            out.append(indent).append(key.name()).append(':');
            var value = RecordKeys.value(record, key.name());
            if (key.shape() == Shape.RECORD) {
                out.append('\n');
                keys((Record) value, path);
            } else {
                out.append(' ').append(yaml(value)).append('\n');
            }
        }
    }

    private static String describe(SettingKey key, KeyPath path) {
        return switch (key.shape()) {
            case RECORD -> "";
            case INT, LONG, DOUBLE, ENUM -> " (" + ScalarValues.span(key) + ") " + EnvironmentNames.nameOf(path);
            case BOOLEAN, STRING, STRING_LIST, STRING_MAP -> " " + EnvironmentNames.nameOf(path);
        };
    }

    private void apps() {
        out.append('\n');
        var names = sections.stream()
                .filter(section -> overridable(section).isPresent())
                .map(Section::name)
                .collect(Collectors.joining(", "));
        comment(
                "",
                "Applications: the part of a stream's address before its name. One that is not named here has the"
                        + " values above. SLUICE_APPS");
        for (var key : RecordKeys.of(AppSettings.class)) {
            comment("", key.name() + ": " + key.doc());
        }
        if (!names.isEmpty()) {
            comment("", "These sections may be overridden below an application, key by key: " + names + ".");
        }
        out.append("apps: {}\n");
        perAppExample(sections)
                .lines()
                .forEach(line -> out.append("# ").append(line).append('\n'));
    }

    /// Settings of one application, as an example: who may publish, and the first key of each section it can
    /// override.
    public static String perAppExample(List<Section<?>> sections) {
        var example = new StringBuilder("apps:\n  live:\n    listed: true\n    publish: keys\n    keys:\n");
        example.append("      mystream: SECRET\n");
        for (var section : sections) {
            overridable(section)
                    .ifPresent(key -> example.append("    " + section.name() + ":\n      " + key + ": ")
                            .append(yaml(RecordKeys.value(section.defaults(), key)))
                            .append('\n'));
        }
        return example.toString();
    }

    /// The first key of a section that an application may override; empty if there is none.
    private static Optional<String> overridable(Section<?> section) {
        return RecordKeys.of(section.defaults().getClass()).stream()
                .filter(key -> section.overridablePerApp() && !key.serverWide() && key.shape() != Shape.RECORD)
                .map(SettingKey::name)
                .findFirst();
    }

    private void comment(String indent, String text) {
        if (text.isBlank()) {
            return;
        }
        var lines = new ArrayList<StringBuilder>(List.of(new StringBuilder(indent + "#")));
        for (var word : text.strip().split(" +", -1)) {
            if (lines.getLast().length() + word.length() + 1 > WIDTH) {
                lines.add(new StringBuilder(indent + "#"));
            }
            lines.getLast().append(' ').append(word);
        }
        lines.forEach(line -> out.append(line).append('\n'));
    }

    private static String yaml(Object value) {
        return switch (value) {
            case Enum<?> constant -> ScalarValues.word(constant);
            case String text -> scalar(text);
            case List<?> list -> list.stream().map(DefaultFile::yaml).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .sorted(Comparator.comparing(e -> String.valueOf(e.getKey())))
                        .map(e -> yaml(e.getKey()) + ": " + yaml(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static String scalar(String text) {
        return PLAIN.matcher(text).matches() && !text.equals("null") ? text : "'" + text.replace("'", "''") + "'";
    }
}
