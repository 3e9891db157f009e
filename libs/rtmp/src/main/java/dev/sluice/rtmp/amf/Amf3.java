package dev.sluice.rtmp.amf;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes one AMF3 value. Strings and the forms of typed objects that come again are references; other values are
/// written each time. A typed object is written sealed, an anonymous one dynamic. @spec AMF3 §3
public final class Amf3 {
    private static final int MOST = (1 << 28) - 1;
    private static final int LEAST = -(1 << 28);

    private final ByteBuf out;
    private final Map<String, Integer> strings = new HashMap<>();
    private final Map<Form, Integer> forms = new HashMap<>();

    /// How objects of a class look.
    private record Form(String className, List<String> names) {}

    private Amf3(ByteBuf out) {
        this.out = out;
    }

    /// Without the marker that AMF0 has in front of AMF3, see [Amf0#writeAmf3]. `Unsupported` becomes undefined.
    ///
    /// @throws IllegalArgumentException if a property has no name
    public static void write(ByteBuf out, AmfValue value) {
        new Amf3(out).write(value);
    }

    private void write(AmfValue value) {
        switch (value) {
            case AmfValue.Num(double number) -> writeNumber(number);
            case AmfValue.Bool(boolean flag) -> out.writeByte(flag ? Amf3Marker.TRUE : Amf3Marker.FALSE);
            case AmfValue.Str(String text) -> {
                out.writeByte(Amf3Marker.STRING);
                writeText(text);
            }
            case AmfValue.Obj(String className, Map<String, AmfValue> properties) -> {
                out.writeByte(Amf3Marker.OBJECT);
                if (className.isEmpty()) {
                    writeDynamic(properties);
                } else {
                    writeSealed(new Form(className, List.copyOf(properties.keySet())));
                    properties.values().forEach(this::write);
                }
            }
            case AmfValue.EcmaArray(Map<String, AmfValue> properties) -> {
                out.writeByte(Amf3Marker.ARRAY);
                writeLength(0);
                writeNamed(properties);
            }
            case AmfValue.StrictArray(List<AmfValue> items) -> {
                out.writeByte(Amf3Marker.ARRAY);
                writeLength(items.size());
                writeText("");
                items.forEach(this::write);
            }
            case AmfValue.Date(double epochMs) -> {
                out.writeByte(Amf3Marker.DATE);
                writeLength(0);
                out.writeDouble(epochMs);
            }
            case AmfValue.Xml(String text) -> writeBytes(Amf3Marker.XML, text.getBytes(StandardCharsets.UTF_8));
            case AmfValue.Bytes(byte[] bytes) -> writeBytes(Amf3Marker.BYTE_ARRAY, bytes);
            case AmfValue.Dictionary(List<AmfValue.Entry> entries) -> writeDictionary(entries);
            case AmfValue.Null() -> out.writeByte(Amf3Marker.NULL);
            case AmfValue.Undefined(), AmfValue.Unsupported(), AmfValue.Cyclic() -> out.writeByte(Amf3Marker.UNDEFINED);
        }
    }

    private void writeNumber(double number) {
        boolean integer = number == Math.rint(number) && number >= LEAST && number <= MOST;
        if (integer && Double.doubleToRawLongBits(number) != Double.doubleToRawLongBits(-0.0)) {
            out.writeByte(Amf3Marker.INTEGER);
            writeUnsigned29((int) number & 0x1fff_ffff);
        } else {
            out.writeByte(Amf3Marker.DOUBLE).writeDouble(number);
        }
    }

    private void writeDynamic(Map<String, AmfValue> properties) {
        Form anonymous = new Form("", List.of());
        if (!writeReference(forms, anonymous, 1)) {
            writeUnsigned29(0b1011);
            writeText("");
        }
        writeNamed(properties);
    }

    private void writeSealed(Form form) {
        if (!writeReference(forms, form, 1)) {
            writeUnsigned29(form.names.size() << 4 | 0b0011);
            writeText(form.className);
            form.names.forEach(this::writeName);
        }
    }

    private void writeNamed(Map<String, AmfValue> properties) {
        properties.forEach((name, value) -> {
            writeName(name);
            write(value);
        });
        writeText("");
    }

    private void writeName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("An AMF3 property needs a name");
        }
        writeText(name);
    }

    private void writeText(String text) {
        if (text.isEmpty()) {
            writeLength(0);
        } else if (!writeReference(strings, text, 0)) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            writeLength(utf8.length);
            out.writeBytes(utf8);
        }
    }

    /// @param inlineBit of an object says whether the traits, not the object, are inline
    private <T> boolean writeReference(Map<T, Integer> written, T value, int inlineBit) {
        Integer number = written.putIfAbsent(value, written.size());
        if (number == null) {
            return false;
        }
        writeUnsigned29(number << (1 + inlineBit) | inlineBit);
        return true;
    }

    private void writeBytes(int marker, byte[] bytes) {
        out.writeByte(marker);
        writeLength(bytes.length);
        out.writeBytes(bytes);
    }

    private void writeDictionary(List<AmfValue.Entry> entries) {
        out.writeByte(Amf3Marker.DICTIONARY);
        writeLength(entries.size());
        out.writeByte(0);
        entries.forEach(entry -> {
            write(entry.key());
            write(entry.value());
        });
    }

    /// Of something that is here and no reference.
    private void writeLength(int length) {
        writeUnsigned29(length << 1 | 1);
    }

    private void writeUnsigned29(int value) {
        if (value >= 1 << 21) {
            out.writeByte(value >> 22 | 0x80).writeByte(value >> 15 | 0x80).writeByte(value >> 8 | 0x80);
            out.writeByte(value);
            return;
        }
        if (value >= 1 << 14) {
            out.writeByte(value >> 14 | 0x80);
        }
        if (value >= 1 << 7) {
            out.writeByte(value >> 7 | 0x80);
        }
        out.writeByte(value & 0x7f);
    }
}
