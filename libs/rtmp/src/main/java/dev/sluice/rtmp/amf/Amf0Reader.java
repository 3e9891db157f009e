package dev.sluice.rtmp.amf;

import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the AMF0 values of one message, and the AMF3 values among them, under limits. Counts on the wire are never
/// trusted. A reference to an object that is not complete yet is refused: results are trees.
///
/// One reader per message, because references count from its beginning. @spec AMF0 §2
public final class Amf0Reader {
    /// Which strings are allowed, and how an object may end.
    private enum Use {
        COMMAND,
        /// Some encoders forget the end of the outermost object of their metadata.
        DATA
    }

    private final Use use;
    private final int stringBytes;
    private final AmfInput in;
    private final AmfBudget budget;
    private final Values values = new Values();
    private final References references = new References();
    private boolean metAmf3;

    private Amf0Reader(byte[] bytes, int from, RtmpLimits.Amf limits, Use use) {
        this.in = new AmfInput(bytes, from);
        this.budget = new AmfBudget(limits);
        this.use = use;
        this.stringBytes = use == Use.COMMAND ? limits.commandStringBytes() : limits.dataStringBytes();
    }

    public static Amf0Reader ofCommand(byte[] bytes, int from, RtmpLimits.Amf limits) {
        return new Amf0Reader(bytes, from, limits, Use.COMMAND);
    }

    public static Amf0Reader ofData(byte[] bytes, int from, RtmpLimits.Amf limits) {
        return new Amf0Reader(bytes, from, limits, Use.DATA);
    }

    public boolean hasNext() {
        return in.hasNext();
    }

    /// Offset of the next value.
    public int position() {
        return in.position();
    }

    /// Whether a value so far was AMF3, which few receivers of AMF0 understand.
    public boolean metAmf3() {
        return metAmf3;
    }

    /// Reads one value with all that is in it.
    ///
    /// @throws RtmpException if the bytes are no AMF0 value, or exceed a limit
    public AmfValue next() {
        return values.read().value();
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

    private final class Values extends Unnesting {
        private Values() {
            super(0);
        }

        @Override
        Optional<Measured> begin() {
            int marker = in.unsignedByte();
            if (marker == Amf0Marker.REFERENCE) {
                return Optional.of(reference());
            }
            if (marker == Amf0Marker.AMF3) {
                metAmf3 = true;
                return Optional.of(new Amf3Reader(in, budget, stringBytes, depth() - 1).read());
            }
            budget.value(depth());
            return switch (marker) {
                case Amf0Marker.OBJECT -> open(new OpenProperties(references.begin(), "", depth()));
                case Amf0Marker.TYPED_OBJECT -> {
                    String className = in.text(in.unsignedShort(), budget.keyBytes());
                    yield open(new OpenProperties(references.begin(), className, depth()));
                }
                case Amf0Marker.ECMA_ARRAY -> {
                    in.skip(4); // the count is a hint that encoders get wrong
                    yield open(new OpenEcmaArray(references.begin(), depth()));
                }
                case Amf0Marker.STRICT_ARRAY -> {
                    int items = budget.items(in.int32());
                    in.need(items);
                    yield open(new OpenItems(references.begin(), items));
                }
                default -> Optional.of(scalar(marker));
            };
        }

        private Measured reference() {
            int number = in.unsignedShort();
            Measured target = references
                    .find(number)
                    .orElseThrow(
                            () -> RtmpException.protocol("AMF0 reference %d names nothing that is complete.", number));
            return budget.again(target, depth());
        }
    }

    private Measured scalar(int marker) {
        return switch (marker) {
            case Amf0Marker.NUMBER -> Measured.plain(new AmfValue.Num(in.number()));
            case Amf0Marker.BOOLEAN -> Measured.plain(new AmfValue.Bool(in.unsignedByte() != 0));
            case Amf0Marker.STRING -> {
                int length = in.unsignedShort();
                yield Measured.text(new AmfValue.Str(in.text(length, stringBytes)), length);
            }
            case Amf0Marker.LONG_STRING -> {
                int length = declaredLength();
                yield Measured.text(new AmfValue.Str(in.text(length, stringBytes)), length);
            }
            case Amf0Marker.XML_DOCUMENT -> {
                int length = declaredLength();
                yield Measured.text(new AmfValue.Xml(in.text(length, stringBytes)), length);
            }
            case Amf0Marker.DATE -> {
                double epochMs = in.number();
                in.skip(2);
                yield Measured.plain(new AmfValue.Date(epochMs));
            }
            case Amf0Marker.NULL -> Measured.plain(AmfValue.NULL);
            case Amf0Marker.UNDEFINED -> Measured.plain(AmfValue.UNDEFINED);
            case Amf0Marker.UNSUPPORTED -> Measured.plain(new AmfValue.Unsupported());
            default -> throw RtmpException.protocol("AMF0 marker %d is not a value.", marker);
        };
    }

    /// A 32-bit length; more than 2^31 cannot fit and is refused like any that is too large.
    private int declaredLength() {
        int length = in.int32();
        return length < 0 ? Integer.MAX_VALUE : length;
    }

    private class OpenProperties extends Open {
        final Map<String, AmfValue> properties = new LinkedHashMap<>();
        private final String className;
        private final int depth;
        private String key = "";

        private OpenProperties(References.Slot slot, String className, int depth) {
            super(slot);
            this.className = className;
            this.depth = depth;
        }

        @Override
        boolean more() {
            if (!in.hasNext() && depth == 1 && use == Use.DATA) {
                return false;
            }
            int length = in.unsignedShort();
            if (length == 0) {
                expectObjectEnd();
                return false;
            }
            key = in.text(length, budget.keyBytes());
            addBytes(length);
            return true;
        }

        @Override
        void take(AmfValue member) {
            properties.put(key, member);
            budget.properties(properties.size());
        }

        @Override
        AmfValue value() {
            return new AmfValue.Obj(className, properties);
        }
    }

    private final class OpenEcmaArray extends OpenProperties {
        private OpenEcmaArray(References.Slot slot, int depth) {
            super(slot, "", depth);
        }

        @Override
        AmfValue value() {
            return new AmfValue.EcmaArray(properties);
        }
    }

    private void expectObjectEnd() {
        if (in.unsignedByte() != Amf0Marker.OBJECT_END) {
            throw RtmpException.protocol("An AMF0 property has an empty name.");
        }
    }
}
