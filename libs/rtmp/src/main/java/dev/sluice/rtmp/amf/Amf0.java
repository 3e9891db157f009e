package dev.sluice.rtmp.amf;

import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Writes AMF0, and reads whole messages of it by [Amf0Reader]. @spec AMF0 §2
public final class Amf0 {
    private static final int LONGEST_SHORT_STRING = 0xffff;

    private Amf0() {}

    /// All values of a command from `from` on.
    ///
    /// @throws RtmpException if the bytes are no AMF0, or exceed a limit
    public static List<AmfValue> decode(byte[] bytes, int from, RtmpLimits.Amf limits) {
        return Amf0Reader.ofCommand(bytes, from, limits).rest();
    }

    /// The values one after another.
    public static byte[] encode(AmfValue... values) {
        ByteBuf out = Unpooled.buffer();
        for (AmfValue value : values) {
            write(out, value);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    public static void write(ByteBuf out, AmfValue value) {
        switch (value) {
            case AmfValue.Num(double number) -> out.writeByte(Amf0Marker.NUMBER).writeDouble(number);
            case AmfValue.Bool(boolean flag) ->
                out.writeByte(Amf0Marker.BOOLEAN).writeByte(flag ? 1 : 0);
            case AmfValue.Str(String text) -> writeString(out, text);
            case AmfValue.Obj(String className, Map<String, AmfValue> properties) -> {
                writeObjectStart(out, className);
                writeProperties(out, properties);
            }
            case AmfValue.EcmaArray(Map<String, AmfValue> properties) -> {
                out.writeByte(Amf0Marker.ECMA_ARRAY).writeInt(properties.size());
                writeProperties(out, properties);
            }
            case AmfValue.StrictArray(List<AmfValue> items) -> {
                out.writeByte(Amf0Marker.STRICT_ARRAY).writeInt(items.size());
                items.forEach(item -> write(out, item));
            }
            case AmfValue.Date(double epochMs) ->
                out.writeByte(Amf0Marker.DATE).writeDouble(epochMs).writeShort(0);
            case AmfValue.Xml(String text) -> {
                out.writeByte(Amf0Marker.XML_DOCUMENT);
                writeLongText(out, text);
            }
            case AmfValue.Null() -> out.writeByte(Amf0Marker.NULL);
            case AmfValue.Undefined(), AmfValue.Cyclic() -> out.writeByte(Amf0Marker.UNDEFINED);
            case AmfValue.Bytes bytes -> writeAmf3(out, bytes);
            case AmfValue.Dictionary dictionary -> writeAmf3(out, dictionary);
            case AmfValue.Unsupported() -> out.writeByte(Amf0Marker.UNSUPPORTED);
        }
    }

    /// Exactly one value follows the marker.
    ///
    /// @param out borrowed
    public static void writeAmf3(ByteBuf out, AmfValue value) {
        out.writeByte(Amf0Marker.AMF3);
        Amf3.write(out, value);
    }

    private static void writeString(ByteBuf out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= LONGEST_SHORT_STRING) {
            out.writeByte(Amf0Marker.STRING).writeShort(utf8.length).writeBytes(utf8);
        } else {
            out.writeByte(Amf0Marker.LONG_STRING).writeInt(utf8.length).writeBytes(utf8);
        }
    }

    private static void writeLongText(ByteBuf out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length).writeBytes(utf8);
    }

    private static void writeObjectStart(ByteBuf out, String className) {
        if (className.isEmpty()) {
            out.writeByte(Amf0Marker.OBJECT);
        } else {
            out.writeByte(Amf0Marker.TYPED_OBJECT);
            writeKey(out, className);
        }
    }

    private static void writeProperties(ByteBuf out, Map<String, AmfValue> properties) {
        properties.forEach((key, value) -> {
            writeKey(out, key);
            write(out, value);
        });
        out.writeShort(0).writeByte(Amf0Marker.OBJECT_END);
    }

    private static void writeKey(ByteBuf out, String key) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        if (utf8.length == 0 || utf8.length > LONGEST_SHORT_STRING) {
            throw new IllegalArgumentException("An AMF0 name has 1 to 65535 bytes, not " + utf8.length);
        }
        out.writeShort(utf8.length).writeBytes(utf8);
    }
}
