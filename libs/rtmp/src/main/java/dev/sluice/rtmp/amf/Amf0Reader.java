package dev.sluice.rtmp.amf;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the AMF0 values of one message, under limits. Counts on the wire are never trusted, and a reference
/// counts as everything it stands for, so that whoever walks the result later meets no more values than the
/// limit, however the message was built. A reference to an object that is not complete yet is refused: results
/// are trees.
///
/// One reader per message, because references count from its beginning. @spec AMF0 §2
public final class Amf0Reader {
    /// Which strings are allowed, and how an object may end.
    private enum Use {
        COMMAND,
        /// Some encoders forget the end of the outermost object of their metadata.
        DATA
    }

    /// A complete object or array that a reference may name.
    ///
    /// @param values how many values it consists of, references resolved
    /// @param depth how many levels it has
    private record Complete(AmfValue value, int values, int depth) {}

    private static final Complete UNFINISHED = new Complete(AmfValue.NULL, 0, 0);

    private final RtmpLimits.Amf limits;
    private final Use use;
    private final byte[] bytes;
    private final List<Complete> complex = new ArrayList<>();
    private int at;
    private int values;
    private int deepest;

    private Amf0Reader(byte[] bytes, int from, RtmpLimits.Amf limits, Use use) {
        this.bytes = bytes;
        this.at = from;
        this.limits = limits;
        this.use = use;
    }

    public static Amf0Reader ofCommand(byte[] bytes, int from, RtmpLimits.Amf limits) {
        return new Amf0Reader(bytes, from, limits, Use.COMMAND);
    }

    public static Amf0Reader ofData(byte[] bytes, int from, RtmpLimits.Amf limits) {
        return new Amf0Reader(bytes, from, limits, Use.DATA);
    }

    public boolean hasNext() {
        return at < bytes.length;
    }

    /// Offset of the next value.
    public int position() {
        return at;
    }

    /// Reads one value with all that is in it.
    ///
    /// @throws RtmpException if the bytes are no AMF0 value, or exceed a limit
    public AmfValue next() {
        return value(1);
    }

    /// All values that are left.
    ///
    /// @throws RtmpException like [#next()]
    public List<AmfValue> rest() {
        List<AmfValue> all = new ArrayList<>();
        while (hasNext()) {
            all.add(next());
        }
        return List.copyOf(all);
    }

    private AmfValue value(int depth) {
        count(1);
        deepest = Math.max(deepest, depth);
        if (depth > limits.depth()) {
            throw RtmpException.limit(Limit.AMF_DEPTH, "AMF0 values more than %d levels deep.", limits.depth());
        }
        int marker = unsignedByte();
        return switch (marker) {
            case Amf0Marker.NUMBER -> new AmfValue.Num(number());
            case Amf0Marker.BOOLEAN -> new AmfValue.Bool(unsignedByte() != 0);
            case Amf0Marker.STRING -> new AmfValue.Str(text(unsignedShort(), stringBytes()));
            case Amf0Marker.LONG_STRING -> new AmfValue.Str(text(declaredLength(), stringBytes()));
            case Amf0Marker.XML_DOCUMENT -> new AmfValue.Xml(text(declaredLength(), stringBytes()));
            case Amf0Marker.OBJECT, Amf0Marker.TYPED_OBJECT, Amf0Marker.ECMA_ARRAY, Amf0Marker.STRICT_ARRAY ->
                complexValue(marker, depth);
            case Amf0Marker.REFERENCE -> reference(depth);
            case Amf0Marker.DATE -> date();
            case Amf0Marker.NULL -> AmfValue.NULL;
            case Amf0Marker.UNDEFINED -> AmfValue.UNDEFINED;
            case Amf0Marker.UNSUPPORTED -> new AmfValue.Unsupported();
            case Amf0Marker.AMF3 -> throw RtmpException.protocol("AMF3 values are not supported.");
            default -> throw RtmpException.protocol("AMF0 marker %d is not a value.", marker);
        };
    }

    /// Takes its number before its members are read, as the specification counts, but can be named only
    /// afterwards.
    private AmfValue complexValue(int marker, int depth) {
        int number = complex.size();
        complex.add(UNFINISHED);
        int valuesBefore = values;
        int deepestBefore = deepest;
        deepest = depth;
        AmfValue value = switch (marker) {
            case Amf0Marker.TYPED_OBJECT ->
                new AmfValue.Obj(text(unsignedShort(), limits.keyBytes()), properties(depth));
            case Amf0Marker.OBJECT -> new AmfValue.Obj("", properties(depth));
            case Amf0Marker.ECMA_ARRAY -> ecmaArray(depth);
            default -> strictArray(depth);
        };
        complex.set(number, new Complete(value, values - valuesBefore + 1, deepest - depth + 1));
        deepest = Math.max(deepest, deepestBefore);
        return value;
    }

    /// The count in front of an ECMA array is a hint that encoders get wrong.
    private AmfValue ecmaArray(int depth) {
        need(4);
        at += 4;
        return new AmfValue.EcmaArray(properties(depth));
    }

    private AmfValue strictArray(int depth) {
        int items = declaredLength();
        if (items > limits.arrayItems()) {
            throw RtmpException.limit(
                    Limit.AMF_ARRAY_ITEMS, "A strict array of more than %d items.", limits.arrayItems());
        }
        need(items);
        List<AmfValue> list = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            list.add(value(depth + 1));
        }
        return new AmfValue.StrictArray(list);
    }

    private Map<String, AmfValue> properties(int depth) {
        Map<String, AmfValue> properties = new LinkedHashMap<>();
        while (hasNext() || depth > 1 || use == Use.COMMAND) {
            String key = text(unsignedShort(), limits.keyBytes());
            if (key.isEmpty()) {
                expectObjectEnd();
                break;
            }
            properties.put(key, value(depth + 1));
            if (properties.size() > limits.properties()) {
                throw RtmpException.limit(
                        Limit.AMF_PROPERTIES, "An AMF0 object of more than %d properties.", limits.properties());
            }
        }
        return properties;
    }

    private void expectObjectEnd() {
        int marker = unsignedByte();
        if (marker != Amf0Marker.OBJECT_END) {
            throw RtmpException.protocol("An AMF0 property has an empty name.");
        }
    }

    private AmfValue reference(int depth) {
        int number = unsignedShort();
        Complete target = number < complex.size() ? complex.get(number) : UNFINISHED;
        if (target.values == 0) {
            throw RtmpException.protocol("AMF0 reference %d names nothing that is complete.", number);
        }
        count(target.values - 1);
        deepest = Math.max(deepest, depth + target.depth - 1);
        if (deepest > limits.depth()) {
            throw RtmpException.limit(Limit.AMF_DEPTH, "AMF0 values more than %d levels deep.", limits.depth());
        }
        return target.value;
    }

    private AmfValue date() {
        double epochMs = number();
        need(2);
        at += 2;
        return new AmfValue.Date(epochMs);
    }

    private void count(int more) {
        values += more;
        if (values > limits.values()) {
            throw RtmpException.limit(Limit.AMF_VALUES, "More than %d AMF0 values in a message.", limits.values());
        }
    }

    private int stringBytes() {
        return use == Use.COMMAND ? limits.commandStringBytes() : limits.dataStringBytes();
    }

    /// Invalid UTF-8 happens in device names and becomes replacement characters.
    private String text(int length, int mostBytes) {
        if (length > mostBytes) {
            throw RtmpException.limit(
                    Limit.AMF_STRING_BYTES, "An AMF0 string of %d bytes where %d are allowed.", length, mostBytes);
        }
        need(length);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /// A 32-bit length or count; more than 2^31 cannot fit and is refused like any that is too large.
    private int declaredLength() {
        need(4);
        int length = unsignedShort() << 16 | unsignedShort();
        return length < 0 ? Integer.MAX_VALUE : length;
    }

    private double number() {
        need(8);
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = (bits << 8) | (bytes[at++] & 0xff);
        }
        return Double.longBitsToDouble(bits);
    }

    private int unsignedShort() {
        need(2);
        return ((bytes[at++] & 0xff) << 8) | (bytes[at++] & 0xff);
    }

    private int unsignedByte() {
        need(1);
        return bytes[at++] & 0xff;
    }

    private void need(int more) {
        if (bytes.length - at < more) {
            throw RtmpException.protocol("An AMF0 value ends before its end.");
        }
    }
}
