package dev.sluice.rtmp.amf;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value of AMF0 or AMF3. Immutable. Class names on the wire never become Java classes: a typed object is
/// an [Obj] with a name.
public sealed interface AmfValue {
    record Num(double value) implements AmfValue {}

    record Bool(boolean value) implements AmfValue {}

    /// A string or long string; the writer picks the form.
    record Str(String value) implements AmfValue {}

    /// Named values in order.
    ///
    /// @param className empty for an anonymous object
    /// @param properties in the order in which they came; of repeated keys the last value
    record Obj(String className, Map<String, AmfValue> properties) implements AmfValue {
        public Obj {
            properties = frozen(properties);
        }

        /// The string under `key`.
        public Optional<String> string(String key) {
            return stringOf(properties, key);
        }

        /// The number under `key`.
        public Optional<Double> number(String key) {
            return numberOf(properties, key);
        }
    }

    /// An array with string keys; FFmpeg and most encoders write metadata as one.
    record EcmaArray(Map<String, AmfValue> properties) implements AmfValue {
        public EcmaArray {
            properties = frozen(properties);
        }

        /// The string under `key`.
        public Optional<String> string(String key) {
            return stringOf(properties, key);
        }

        /// The number under `key`.
        public Optional<Double> number(String key) {
            return numberOf(properties, key);
        }
    }

    record StrictArray(List<AmfValue> items) implements AmfValue {
        public StrictArray {
            items = List.copyOf(items);
        }
    }

    /// A point in time.
    ///
    /// @param epochMs milliseconds since 1970, UTC; the time zone on the wire is reserved and ignored
    record Date(double epochMs) implements AmfValue {}

    /// XML stays text: it is never parsed.
    record Xml(String text) implements AmfValue {}

    record Null() implements AmfValue {}

    record Undefined() implements AmfValue {}

    record Unsupported() implements AmfValue {}

    /// Bytes of any meaning. AMF3 only; inside AMF0 they are written as AMF3.
    @SuppressWarnings("ArrayRecordComponent") // compared by content
    record Bytes(byte[] value) implements AmfValue {
        public Bytes {
            value = value.clone();
        }

        @Override
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes(byte[] same) && Arrays.equals(value, same);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Bytes[" + value.length + "]";
        }
    }

    /// Values under values. AMF3 only; inside AMF0 it is written as AMF3.
    record Dictionary(List<Entry> entries) implements AmfValue {
        public Dictionary {
            entries = List.copyOf(entries);
        }
    }

    /// One value under another.
    record Entry(AmfValue key, AmfValue value) {}

    /// Stands in a value where that value contains itself, which AMF3 allows. Written as undefined.
    record Cyclic() implements AmfValue {
        @Override
        public String toString() {
            return "[cyclic]";
        }
    }

    AmfValue NULL = new Null();
    AmfValue UNDEFINED = new Undefined();
    AmfValue CYCLIC = new Cyclic();

    static AmfValue of(String value) {
        return new Str(value);
    }

    static AmfValue of(double value) {
        return new Num(value);
    }

    static AmfValue of(boolean value) {
        return new Bool(value);
    }

    /// Starts an anonymous object or an ECMA array.
    static Properties properties() {
        return new Properties();
    }

    /// Collects properties in order.
    final class Properties {
        private final Map<String, AmfValue> values = new LinkedHashMap<>();

        private Properties() {}

        public Properties put(String key, AmfValue value) {
            values.put(key, value);
            return this;
        }

        public Properties put(String key, String value) {
            return put(key, of(value));
        }

        public Properties put(String key, double value) {
            return put(key, of(value));
        }

        public Properties put(String key, boolean value) {
            return put(key, of(value));
        }

        public Obj object() {
            return new Obj("", values);
        }

        public EcmaArray array() {
            return new EcmaArray(values);
        }
    }

    private static Map<String, AmfValue> frozen(Map<String, AmfValue> properties) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    private static Optional<String> stringOf(Map<String, AmfValue> properties, String key) {
        return properties.get(key) instanceof Str(String value) ? Optional.of(value) : Optional.empty();
    }

    private static Optional<Double> numberOf(Map<String, AmfValue> properties, String key) {
        return properties.get(key) instanceof Num(double value) ? Optional.of(value) : Optional.empty();
    }
}
