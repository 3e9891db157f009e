package dev.sluice.rtmp.amf;

import dev.sluice.rtmp.RtmpException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;

/// Reads one AMF3 value with all that is in it. Its tables of strings, objects and traits end with it. A value that
/// contains itself, which AMF3 allows, is [AmfValue.Cyclic] where it does.
///
/// An array with names and items becomes one with names, the items under `0`, `1` and so on; vectors become arrays.
///
/// @spec AMF3 §3
final class Amf3Reader extends Unnesting {
    /// Classes that write themselves, whose form is one value. The length of others is not on the wire.
    private static final Set<String> ONE_VALUE =
            Set.of("flex.messaging.io.ArrayCollection", "flex.messaging.io.ObjectProxy");

    private static final int SIGN_OF_29_BITS = 1 << 28;

    private final AmfInput in;
    private final AmfBudget budget;
    private final int stringBytes;
    private final List<Text> strings = new ArrayList<>();
    private final List<Traits> traits = new ArrayList<>();
    private final References references = new References();

    private record Text(String text, int bytes) {}

    /// The form of an object.
    ///
    /// @param names of the values that follow without names
    /// @param dynamic whether others follow with their names
    private record Traits(String className, boolean external, boolean dynamic, List<String> names) {}

    Amf3Reader(AmfInput in, AmfBudget budget, int stringBytes, int outerLevels) {
        super(outerLevels);
        this.in = in;
        this.budget = budget;
        this.stringBytes = stringBytes;
    }

    @Override
    Optional<Measured> begin() {
        int marker = in.unsignedByte();
        return switch (marker) {
            case Amf3Marker.XML_DOCUMENT, Amf3Marker.XML -> shared(this::xml);
            case Amf3Marker.BYTE_ARRAY -> shared(this::bytes);
            case Amf3Marker.DATE -> shared(ignored -> complete(Measured.plain(new AmfValue.Date(in.number()))));
            case Amf3Marker.ARRAY -> shared(count -> open(new OpenArray(references.begin(), items(count, 1))));
            case Amf3Marker.OBJECT -> shared(this::object);
            case Amf3Marker.VECTOR_INT -> shared(count -> vector(count, 4, in::int32));
            case Amf3Marker.VECTOR_UINT -> shared(count -> vector(count, 4, () -> in.int32() & 0xffff_ffffL));
            case Amf3Marker.VECTOR_DOUBLE -> shared(count -> vector(count, 8, in::number));
            case Amf3Marker.VECTOR_OBJECT -> shared(this::vectorOfObjects);
            case Amf3Marker.DICTIONARY -> shared(this::dictionary);
            default -> {
                budget.value(depth());
                yield Optional.of(scalar(marker));
            }
        };
    }

    /// A value that may be a reference. The number in front of it says so, or how much follows.
    private Optional<Measured> shared(IntFunction<Optional<Measured>> inline) {
        int header = unsigned29();
        if ((header & 1) == 0) {
            return Optional.of(reference(header >> 1));
        }
        budget.value(depth());
        return inline.apply(header >> 1);
    }

    private Measured reference(int number) {
        Optional<Measured> target = references.find(number);
        if (target.isPresent()) {
            return budget.again(target.get(), depth());
        }
        budget.value(depth());
        return Measured.plain(AmfValue.CYCLIC);
    }

    private Optional<Measured> complete(Measured value) {
        return Optional.of(references.add(value));
    }

    private Measured scalar(int marker) {
        return switch (marker) {
            case Amf3Marker.UNDEFINED -> Measured.plain(AmfValue.UNDEFINED);
            case Amf3Marker.NULL -> Measured.plain(AmfValue.NULL);
            case Amf3Marker.FALSE -> Measured.plain(new AmfValue.Bool(false));
            case Amf3Marker.TRUE -> Measured.plain(new AmfValue.Bool(true));
            case Amf3Marker.INTEGER -> Measured.plain(new AmfValue.Num(signed29()));
            case Amf3Marker.DOUBLE -> Measured.plain(new AmfValue.Num(in.number()));
            case Amf3Marker.STRING -> {
                Text text = text(stringBytes);
                yield Measured.text(new AmfValue.Str(text.text), text.bytes);
            }
            default -> throw RtmpException.protocol("AMF3 marker %d is not a value.", marker);
        };
    }

    private Optional<Measured> xml(int length) {
        return complete(Measured.text(new AmfValue.Xml(in.text(length, stringBytes)), length));
    }

    private Optional<Measured> bytes(int length) {
        return complete(Measured.text(new AmfValue.Bytes(in.bytes(length, stringBytes)), length));
    }

    private Optional<Measured> vector(int declared, int itemBytes, DoubleSupplier item) {
        in.skip(1); // whether its length is fixed
        int count = items(declared, itemBytes);
        budget.values(count);
        List<AmfValue> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(new AmfValue.Num(item.getAsDouble()));
        }
        return complete(new Measured(new AmfValue.StrictArray(numbers), 1 + count, count == 0 ? 1 : 2, 0));
    }

    private Optional<Measured> vectorOfObjects(int declared) {
        in.skip(1); // whether its length is fixed
        text(budget.keyBytes()); // the class of the items, which say theirs themselves
        return open(new OpenItems(references.begin(), items(declared, 1)));
    }

    private Optional<Measured> dictionary(int declared) {
        in.skip(1); // whether it holds its keys weakly
        return open(new OpenDictionary(references.begin(), items(declared, 2)));
    }

    private int items(int declared, int itemBytes) {
        int count = budget.items(declared);
        in.need((long) count * itemBytes);
        return count;
    }

    private Optional<Measured> object(int header) {
        Traits form = (header & 1) == 0 ? traits(header >> 1) : newTraits(header >> 1);
        References.Slot slot = references.begin();
        return open(form.external ? new OpenExternal(slot) : new OpenObject(slot, form));
    }

    private Traits traits(int number) {
        if (number >= traits.size()) {
            throw RtmpException.protocol("AMF3 reference %d names no traits.", number);
        }
        return traits.get(number);
    }

    private Traits newTraits(int header) {
        boolean external = (header & 1) != 0;
        String className = text(budget.keyBytes()).text;
        if (external && !ONE_VALUE.contains(className)) {
            throw RtmpException.protocol("AMF3 objects of class %s have a form of their own.", className);
        }
        int count = external ? 0 : header >> 2;
        budget.properties(count);
        in.need(count);
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(name());
        }
        traits.add(new Traits(className, external, (header & 2) != 0, names));
        return traits.getLast();
    }

    private String name() {
        String name = text(budget.keyBytes()).text;
        if (name.isEmpty()) {
            throw RtmpException.protocol("An AMF3 property has an empty name.");
        }
        return name;
    }

    /// A string, which may be a reference to an earlier one. The empty string has no number.
    private Text text(int mostBytes) {
        int header = unsigned29();
        if ((header & 1) != 0) {
            int length = header >> 1;
            Text text = new Text(in.text(length, mostBytes), length);
            if (length > 0) {
                strings.add(text);
            }
            return text;
        }
        int number = header >> 1;
        if (number >= strings.size() || strings.get(number).bytes > mostBytes) {
            throw RtmpException.protocol("AMF3 reference %d names no string that fits.", number);
        }
        budget.repeated(strings.get(number).bytes);
        return strings.get(number);
    }

    private int signed29() {
        int value = unsigned29();
        return value < SIGN_OF_29_BITS ? value : value - 2 * SIGN_OF_29_BITS;
    }

    /// Seven bits in each of three bytes, eight in the fourth. @spec AMF3 §1.3.1
    private int unsigned29() {
        int value = 0;
        for (int i = 0; i < 3; i++) {
            int next = in.unsignedByte();
            value = value << 7 | next & 0x7f;
            if (next < 0x80) {
                return value;
            }
        }
        return value << 8 | in.unsignedByte();
    }

    /// Names and values up to an empty name, then items.
    private final class OpenArray extends Open {
        private final Map<String, AmfValue> named = new LinkedHashMap<>();
        private final List<AmfValue> items = new ArrayList<>();
        private final int count;
        private boolean namesAreRead;
        private String name = "";

        private OpenArray(References.Slot slot, int count) {
            super(slot);
            this.count = count;
        }

        @Override
        boolean more() {
            if (!namesAreRead) {
                Text text = text(budget.keyBytes());
                name = text.text;
                addBytes(text.bytes);
                namesAreRead = name.isEmpty();
            }
            return !namesAreRead || items.size() < count;
        }

        @Override
        void take(AmfValue member) {
            if (namesAreRead) {
                items.add(member);
            } else {
                named.put(name, member);
                budget.properties(named.size());
            }
        }

        @Override
        AmfValue value() {
            if (named.isEmpty()) {
                return new AmfValue.StrictArray(items);
            }
            for (int i = 0; i < count; i++) {
                named.put(Integer.toString(i), items.get(i));
            }
            return new AmfValue.EcmaArray(named);
        }
    }

    /// Values in the order of the traits, then, if they are dynamic, names and values up to an empty name.
    private final class OpenObject extends Open {
        private final Map<String, AmfValue> properties = new LinkedHashMap<>();
        private final Traits form;
        private int sealedRead;
        private String name = "";

        private OpenObject(References.Slot slot, Traits form) {
            super(slot);
            this.form = form;
        }

        @Override
        boolean more() {
            if (sealedRead < form.names.size()) {
                name = form.names.get(sealedRead++);
                return true;
            }
            if (!form.dynamic) {
                return false;
            }
            Text text = text(budget.keyBytes());
            name = text.text;
            addBytes(text.bytes);
            return !name.isEmpty();
        }

        @Override
        void take(AmfValue member) {
            properties.put(name, member);
            budget.properties(properties.size());
        }

        @Override
        AmfValue value() {
            return new AmfValue.Obj(form.className, properties);
        }
    }

    /// An object that wrote itself as one value, which stands for it.
    private static final class OpenExternal extends Open {
        private Optional<AmfValue> inner = Optional.empty();

        private OpenExternal(References.Slot slot) {
            super(slot);
        }

        @Override
        boolean more() {
            return inner.isEmpty();
        }

        @Override
        void take(AmfValue member) {
            inner = Optional.of(member);
        }

        @Override
        AmfValue value() {
            return inner.orElse(AmfValue.UNDEFINED);
        }
    }

    private static final class OpenDictionary extends Open {
        private final List<AmfValue> keysAndValues = new ArrayList<>();
        private final int pairs;

        private OpenDictionary(References.Slot slot, int pairs) {
            super(slot);
            this.pairs = pairs;
        }

        @Override
        boolean more() {
            return keysAndValues.size() < 2 * pairs;
        }

        @Override
        void take(AmfValue member) {
            keysAndValues.add(member);
        }

        @Override
        AmfValue value() {
            List<AmfValue.Entry> entries = new ArrayList<>();
            for (int i = 0; i < keysAndValues.size(); i += 2) {
                entries.add(new AmfValue.Entry(keysAndValues.get(i), keysAndValues.get(i + 1)));
            }
            return new AmfValue.Dictionary(entries);
        }
    }
}
