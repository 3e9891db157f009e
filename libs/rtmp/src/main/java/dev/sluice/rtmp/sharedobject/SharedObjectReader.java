package dev.sluice.rtmp.sharedobject;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.Amf0Reader;
import dev.sluice.rtmp.amf.AmfValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads one message. Lengths on the wire are compared with what is there before anything is done with them.
/// Keys and values together may take as much as a message may have bytes, references resolved; so what comes
/// out is never much larger than what came in.
final class SharedObjectReader {
    static final int PERSISTENT = 2;
    static final int LONGEST_TEXT = 0xffff;

    /// However large messages may be: an answer made of these keys and values must fit into a message.
    private static final int MOST_WRITTEN_BYTES = 4 << 20;

    private final RtmpLimits.Amf limits;
    private final int mostBytes;
    private final Field body;
    private int writtenBytes;

    SharedObjectReader(byte[] body, RtmpLimits limits) {
        this.body = new Field(body);
        this.limits = limits.amf();
        this.mostBytes = Math.min(limits.messages().commandBytes(), MOST_WRITTEN_BYTES);
    }

    SharedObjectMessage message() {
        String name = text(body);
        long version = body.number(4);
        boolean persistent = (body.number(4) & PERSISTENT) != 0;
        body.number(4); // nobody knows
        List<SharedObjectEvent> events = new ArrayList<>();
        while (body.hasMore()) {
            int type = (int) body.number(1);
            event(type, new Field(body.bytes(body.number(4)))).ifPresent(events::add);
            if (events.size() > limits.values()) {
                throw RtmpException.limit(
                        Limit.AMF_VALUES, "More than %d events in a shared object message.", limits.values());
            }
        }
        return new SharedObjectMessage(name, version, persistent, events);
    }

    private Optional<SharedObjectEvent> event(int type, Field data) {
        return switch (type) {
            case EventType.USE -> Optional.of(new SharedObjectEvent.Use());
            case EventType.RELEASE -> Optional.of(new SharedObjectEvent.Release());
            case EventType.REQUEST_CHANGE -> Optional.of(new SharedObjectEvent.RequestChange(text(data), value(data)));
            case EventType.CHANGE -> Optional.of(new SharedObjectEvent.Change(pairs(data)));
            case EventType.SUCCESS -> Optional.of(new SharedObjectEvent.Success(text(data)));
            case EventType.SEND_MESSAGE -> Optional.of(new SharedObjectEvent.SendMessage(values(data)));
            case EventType.STATUS -> Optional.of(new SharedObjectEvent.Status(text(data), text(data)));
            case EventType.CLEAR -> Optional.of(new SharedObjectEvent.Clear());
            case EventType.REMOVE -> Optional.of(new SharedObjectEvent.Remove(text(data)));
            case EventType.REQUEST_REMOVE -> Optional.of(new SharedObjectEvent.RequestRemove(text(data)));
            case EventType.USE_SUCCESS -> Optional.of(new SharedObjectEvent.UseSuccess());
            default -> Optional.empty();
        };
    }

    private Map<String, AmfBytes> pairs(Field data) {
        Map<String, AmfBytes> pairs = new LinkedHashMap<>();
        while (data.hasMore()) {
            pairs.put(text(data), value(data));
        }
        return pairs;
    }

    private AmfBytes value(Field data) {
        Amf0Reader reader = Amf0Reader.ofCommand(data.bytes, data.at, limits);
        AmfValue value = reader.next();
        data.at = reader.position();
        return written(List.of(value));
    }

    private AmfBytes values(Field data) {
        return written(Amf0Reader.ofCommand(data.bytes, data.at, limits).rest());
    }

    private AmfBytes written(List<AmfValue> values) {
        AmfBytes written = AmfBytes.of(values, mostBytes - writtenBytes);
        writtenBytes += written.length();
        return written;
    }

    /// Invalid UTF-8 becomes replacement characters, of which each takes three bytes.
    private String text(Field data) {
        int length = (int) data.number(2);
        if (length > limits.keyBytes()) {
            throw RtmpException.limit(
                    Limit.AMF_STRING_BYTES,
                    "A name of a shared object of %d bytes where %d are allowed.",
                    length,
                    limits.keyBytes());
        }
        String text = new String(data.bytes(length), StandardCharsets.UTF_8);
        int writtenLength = text.getBytes(StandardCharsets.UTF_8).length;
        writtenBytes += writtenLength;
        if (writtenBytes > mostBytes || writtenLength > LONGEST_TEXT) {
            throw RtmpException.limit(
                    Limit.MESSAGE_BYTES, "Shared names and values that take more than %d bytes.", mostBytes);
        }
        return text;
    }

    /// The message, or one event of it, and how far it is read.
    private static final class Field {
        private final byte[] bytes;
        private int at;

        Field(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasMore() {
            return at < bytes.length;
        }

        /// @param size 1 to 4 bytes
        long number(int size) {
            need(size);
            long number = 0;
            for (int i = 0; i < size; i++) {
                number = number << 8 | (bytes[at++] & 0xff);
            }
            return number;
        }

        byte[] bytes(long length) {
            need(length);
            at += (int) length;
            return Arrays.copyOfRange(bytes, at - (int) length, at);
        }

        private void need(long more) {
            if (bytes.length - at < more) {
                throw RtmpException.protocol("A shared object message ends before its end.");
            }
        }
    }
}
