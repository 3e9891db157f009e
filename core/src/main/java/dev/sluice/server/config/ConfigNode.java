package dev.sluice.server.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A piece of configuration as it was written, before it has a type; every piece knows where it was written.
/// Immutable.
sealed interface ConfigNode {
    Origin origin();

    /// What the node is, in words, for an error message.
    String kind();

    /// A single value, verbatim: whether it is a number or a word is for its reader to say.
    ///
    /// @param missing nothing was written after the key
    record Scalar(Origin origin, String text, boolean missing) implements ConfigNode {
        Scalar(Origin origin, String text) {
            this(origin, text, false);
        }

        @Override
        public String kind() {
            return "a single value";
        }
    }

    record Items(Origin origin, List<ConfigNode> nodes) implements ConfigNode {
        public Items {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    record Mapping(Origin origin, Map<String, Entry> entries) implements ConfigNode {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        static Mapping empty(Origin origin) {
            return new Mapping(origin, Map.of());
        }

        @Override
        public String kind() {
            return "a map";
        }

        /// These entries with those of `over` laid on top; maps are joined, everything else is replaced.
        Mapping overlaidBy(Mapping over) {
            var joined = new LinkedHashMap<>(entries);
            over.entries.forEach((key, entry) -> joined.merge(key, entry, Entry::overlaidBy));
            return new Mapping(origin, joined);
        }
    }

    /// A key of a map and what was written behind it.
    ///
    /// @param origin where the key stands; the value may stand on a later line
    record Entry(Origin origin, ConfigNode value) {
        Entry overlaidBy(Entry over) {
            return value instanceof Mapping below && over.value instanceof Mapping above
                    ? new Entry(origin, below.overlaidBy(above))
                    : over;
        }
    }
}
