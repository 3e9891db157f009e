package dev.sluice.server.config;

import dev.sluice.server.config.ConfigNode.Entry;
import dev.sluice.server.config.ConfigNode.Items;
import dev.sluice.server.config.ConfigNode.Mapping;
import dev.sluice.server.config.ConfigNode.Scalar;
import dev.sluice.server.config.RecordKeys.Shape;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads the configuration in layers; a later layer wins: the defaults of the records, the YAML file, the
/// environment, `--set`, options of their own such as `--listen`. The order of the calls is the order of the
/// layers.
///
/// ```java var settings = new ConfigLoader(sections).file(path).environment(System.getenv()) .set("--set",
/// "http.port=0").load();
/// ```
///
/// One thread. The first thing that is wrong ends it with a [ConfigError].
public final class ConfigLoader {
    private static final long MAX_FILE_BYTES = 1 << 20;

    private final KnownKeys known;
    private final EnvironmentNames environmentNames;
    private Mapping written = Mapping.empty(Origin.DEFAULTS);

    /// @param sections of the centre and of the plugins, in the order of the default file
    public ConfigLoader(List<Section<?>> sections) {
        this.known = new KnownKeys(sections);
        this.environmentNames = new EnvironmentNames(known);
    }

    /// Errors name the file as it is given here.
    public ConfigLoader file(Path file) throws ConfigError {
        return yaml(file.toString(), contentOf(file));
    }

    /// Takes text instead of a file.
    ///
    /// @param name what errors call it, such as `sluice.yaml`
    public ConfigLoader yaml(String name, String text) throws ConfigError {
        var root = YamlText.read(text, line -> new Origin(name + ":" + line));
        return over(
                switch (root) {
                    case Mapping map -> map;
                    case Scalar nothing when nothing.missing() -> Mapping.empty(nothing.origin());
                    case Scalar scalar -> throw notAMap(scalar);
                    case Items items -> throw notAMap(items);
                });
    }

    private static ConfigError notAMap(ConfigNode root) {
        return new ConfigError(root.origin(), "the file must hold keys and values, such as 'listen: 127.0.0.1'");
    }

    private static String contentOf(Path file) throws ConfigError {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new ConfigError(file + ": larger than 1 MiB; is this the right file?");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigError(file + ": no such file");
        } catch (CharacterCodingException e) {
            throw new ConfigError(file + ": this is not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigError(file + ": cannot be read: " + Quoted.plain("" + e.getMessage()));
        }
    }

    /// Takes every `SLUICE_…` variable. One that nobody knows is an error: it was meant to do something.
    public ConfigLoader environment(Map<String, String> variables) throws ConfigError {
        for (var variable : new TreeMap<>(variables).entrySet()) {
            var key = environmentNames.keyOf(variable.getKey());
            if (key.isPresent()) {
                assign(new Origin(variable.getKey()), key.get(), variable.getValue());
            }
        }
        return this;
    }

    /// Takes one assignment.
    ///
    /// @param option what errors call it, such as `--set`
    /// @param assignment `key=value`; a list as `a,b` or `[a, b]`, a map as `{a: b}`, a name with a dot quoted
    public ConfigLoader set(String option, String assignment) throws ConfigError {
        var origin = new Origin(option);
        var parsed = KeyPath.parseAssignment(origin, assignment);
        assign(origin, parsed.path(), parsed.value());
        return this;
    }

    private void assign(Origin origin, KeyPath path, String text) throws ConfigError {
        var node = nodeOf(origin, path, text);
        for (int i = path.depth() - 1; i >= 0; i--) {
            node = new Mapping(origin, Map.of(path.segments().get(i), new Entry(origin, node)));
        }
        over((Mapping) node);
    }

    private ConfigNode nodeOf(Origin origin, KeyPath path, String text) throws ConfigError {
        var shape = known.shapeOf(path).orElse(Shape.STRING);
        var trimmed = text.strip();
        return switch (shape) {
            case STRING_LIST -> trimmed.startsWith("[") ? flow(origin, trimmed) : commaList(origin, trimmed);
            case STRING_MAP, RECORD -> trimmed.startsWith("{") ? flow(origin, trimmed) : new Scalar(origin, text);
            case INT, LONG, DOUBLE, BOOLEAN, ENUM -> new Scalar(origin, trimmed);
            case STRING -> new Scalar(origin, text);
        };
    }

    private static ConfigNode flow(Origin origin, String text) throws ConfigError {
        return YamlText.read(text, line -> origin);
    }

    private static Items commaList(Origin origin, String text) {
        return new Items(
                origin,
                Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .<ConfigNode>map(item -> new Scalar(origin, item))
                        .toList());
    }

    /// Binds and checks everything, except whether it is safe: see [SafeStart].
    public Settings load() throws ConfigError {
        return new SettingsBinder(known).bind(written);
    }

    private ConfigLoader over(Mapping layer) {
        written = written.overlaidBy(layer);
        return this;
    }
}
