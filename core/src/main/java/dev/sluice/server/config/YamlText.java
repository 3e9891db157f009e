package dev.sluice.server.config;

import dev.sluice.server.config.ConfigNode.Entry;
import dev.sluice.server.config.ConfigNode.Items;
import dev.sluice.server.config.ConfigNode.Mapping;
import dev.sluice.server.config.ConfigNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.IntFunction;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// YAML text → nodes that know their line. Scalars stay text: `no`, `0123` and `1e3` mean what their setting
/// says they mean. Duplicate keys, aliases and second documents are refused, because each hides what holds.
final class YamlText {
    private static final int MAX_DEPTH = 32;

    private final String text;
    private final IntFunction<Origin> originOfLine;
    private final LoadSettings settings;

    /// @param originOfLine gives the place of a line, counted from 1
    private YamlText(String text, IntFunction<Origin> originOfLine) {
        this.text = text;
        this.originOfLine = originOfLine;
        this.settings = LoadSettings.builder()
                .setCodePointLimit(Math.max(1, text.length()))
                .setAllowNonScalarKeys(true)
                .build();
    }

    /// Reads a whole document; an empty one is an empty map.
    static ConfigNode read(String text, IntFunction<Origin> originOfLine) throws ConfigError {
        return new YamlText(text, originOfLine).read();
    }

    private ConfigNode read() throws ConfigError {
        try {
            refuseAliases();
            var root = new Compose(settings).composeString(text);
            return root.isEmpty() ? Mapping.empty(originOfLine.apply(1)) : convert(root.get(), KeyPath.ROOT);
        } catch (MarkedYamlEngineException e) {
            var mark = e.getProblemMark().or(e::getContextMark);
            throw new ConfigError(origin(mark), "this is not YAML: " + readable(e));
        } catch (YamlEngineException e) {
            throw new ConfigError(originOfLine.apply(1), "this is not YAML: " + Quoted.plain("" + e.getMessage()));
        }
    }

    private static String readable(MarkedYamlEngineException e) {
        if (e.getProblem().contains("'\\t(TAB)'")) {
            return "indent with spaces, not with tabs";
        }
        var problem = Quoted.plain(e.getProblem());
        return e.getContext() == null ? problem : Quoted.plain(e.getContext()) + ", " + problem;
    }

    private void refuseAliases() throws ConfigError {
        for (var event : new Parse(settings).parseString(text)) {
            if (event instanceof AliasEvent) {
                throw new ConfigError(origin(event.getStartMark()), "aliases (*name) are not supported: write it out");
            }
        }
    }

    private ConfigNode convert(Node node, KeyPath at) throws ConfigError {
        var origin = origin(node.getStartMark());
        if (at.depth() > MAX_DEPTH) {
            throw new ConfigError(origin, "nested deeper than " + MAX_DEPTH + " levels");
        }
        return switch (node) {
            case ScalarNode scalar -> new Scalar(origin, scalar.getValue(), Tag.NULL.equals(scalar.getTag()));
            case SequenceNode list -> items(list, origin, at);
            case MappingNode map -> mapping(map, origin, at);
            default -> throw new ConfigError(origin, "this kind of YAML is not supported here");
        };
    }

    private Items items(SequenceNode list, Origin origin, KeyPath at) throws ConfigError {
        var nodes = new ArrayList<ConfigNode>();
        for (var node : list.getValue()) {
            nodes.add(convert(node, at.child("" + nodes.size())));
        }
        return new Items(origin, nodes);
    }

    private Mapping mapping(MappingNode map, Origin origin, KeyPath at) throws ConfigError {
        var entries = new LinkedHashMap<String, Entry>();
        for (NodeTuple tuple : map.getValue()) {
            var keyOrigin = origin(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigError(keyOrigin, "a key must be a single word");
            }
            var path = at.child(key.getValue());
            var earlier = entries.put(key.getValue(), new Entry(keyOrigin, convert(tuple.getValueNode(), path)));
            if (earlier != null) {
                throw new ConfigError(
                        keyOrigin,
                        "'" + path + "' stands here a second time (first: " + earlier.origin() + "); remove one");
            }
        }
        return new Mapping(origin, entries);
    }

    private Origin origin(Optional<Mark> mark) {
        return originOfLine.apply(mark.map(m -> m.getLine() + 1).orElse(1));
    }
}
