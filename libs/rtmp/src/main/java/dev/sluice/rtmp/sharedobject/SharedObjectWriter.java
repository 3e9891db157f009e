package dev.sluice.rtmp.sharedobject;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes messages. No state.
final class SharedObjectWriter {
    private SharedObjectWriter() {}

    static void write(ByteBuf out, SharedObjectMessage message) {
        writeText(out, message.name());
        out.writeInt((int) message.version());
        out.writeInt(message.persistent() ? SharedObjectReader.PERSISTENT : 0);
        out.writeInt(0);
        for (SharedObjectEvent event : message.events()) {
            out.writeByte(typeOf(event));
            int lengthAt = out.writerIndex();
            out.writeInt(0);
            writeData(out, event);
            out.setInt(lengthAt, out.writerIndex() - lengthAt - 4);
        }
    }

    private static int typeOf(SharedObjectEvent event) {
        return switch (event) {
            case SharedObjectEvent.Use e -> EventType.USE;
            case SharedObjectEvent.Release e -> EventType.RELEASE;
            case SharedObjectEvent.RequestChange e -> EventType.REQUEST_CHANGE;
            case SharedObjectEvent.Change e -> EventType.CHANGE;
            case SharedObjectEvent.Success e -> EventType.SUCCESS;
            case SharedObjectEvent.SendMessage e -> EventType.SEND_MESSAGE;
            case SharedObjectEvent.Status e -> EventType.STATUS;
            case SharedObjectEvent.Clear e -> EventType.CLEAR;
            case SharedObjectEvent.Remove e -> EventType.REMOVE;
            case SharedObjectEvent.RequestRemove e -> EventType.REQUEST_REMOVE;
            case SharedObjectEvent.UseSuccess e -> EventType.USE_SUCCESS;
        };
    }

    private static void writeData(ByteBuf out, SharedObjectEvent event) {
        switch (event) {
            case SharedObjectEvent.Use e -> {}
            case SharedObjectEvent.Release e -> {}
            case SharedObjectEvent.RequestChange(String key, AmfBytes value) -> writePair(out, key, value);
            case SharedObjectEvent.Change(Map<String, AmfBytes> values) ->
                values.forEach((key, value) -> writePair(out, key, value));
            case SharedObjectEvent.Success(String key) -> writeText(out, key);
            case SharedObjectEvent.SendMessage(AmfBytes values) -> values.writeTo(out);
            case SharedObjectEvent.Status(String code, String level) -> {
                writeText(out, code);
                writeText(out, level);
            }
            case SharedObjectEvent.Clear e -> {}
            case SharedObjectEvent.Remove(String key) -> writeText(out, key);
            case SharedObjectEvent.RequestRemove(String key) -> writeText(out, key);
            case SharedObjectEvent.UseSuccess e -> {}
        }
    }

    private static void writePair(ByteBuf out, String key, AmfBytes value) {
        writeText(out, key);
        value.writeTo(out);
    }

    private static void writeText(ByteBuf out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > SharedObjectReader.LONGEST_TEXT) {
            throw new IllegalArgumentException("A name of a shared object of " + utf8.length + " bytes");
        }
        out.writeShort(utf8.length).writeBytes(utf8);
    }
}
