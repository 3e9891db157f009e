package dev.sluice.rtmp.message;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.Amf0Reader;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.chunk.RawMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gives a raw message its type. Control messages are accepted on any chunk and message stream, because cameras
/// send them anywhere. No state.
public final class MessageReader {
    private static final int PART_HEADER_BYTES = 11;
    private static final int BACK_POINTER_BYTES = 4;

    private final RtmpLimits limits;

    public MessageReader(RtmpLimits limits) {
        this.limits = limits;
    }

    /// Reads the body by the number of the type.
    ///
    /// @throws RtmpException if the body does not fit the type, or exceeds a limit
    public RtmpMessage read(RawMessage raw) {
        byte[] body = raw.body();
        return switch (raw.type()) {
            case MessageType.SET_CHUNK_SIZE -> new RtmpMessage.SetChunkSize((int) unsigned32(body, 0));
            case MessageType.ABORT -> new RtmpMessage.Abort((int) unsigned32(body, 0));
            case MessageType.ACKNOWLEDGEMENT -> new RtmpMessage.Acknowledgement(unsigned32(body, 0));
            case MessageType.USER_CONTROL -> userControl(body);
            case MessageType.WINDOW_ACK_SIZE -> new RtmpMessage.WindowAckSize(unsigned32(body, 0));
            case MessageType.SET_PEER_BANDWIDTH -> peerBandwidth(body);
            case MessageType.AUDIO -> new RtmpMessage.Audio(raw.timestampMs(), raw.msid(), body);
            case MessageType.VIDEO -> new RtmpMessage.Video(raw.timestampMs(), raw.msid(), body);
            case MessageType.DATA_AMF0 -> new RtmpMessage.Data(raw.timestampMs(), raw.msid(), body);
            case MessageType.DATA_AMF3 -> new RtmpMessage.Data(raw.timestampMs(), raw.msid(), asAmf0(body));
            case MessageType.SHARED_OBJECT_AMF0 -> new RtmpMessage.SharedObject(body);
            case MessageType.SHARED_OBJECT_AMF3 -> new RtmpMessage.SharedObject(objectWithoutFormatByte(body));
            case MessageType.COMMAND_AMF0 -> command(raw.msid(), body, 0);
            case MessageType.COMMAND_AMF3 -> command(raw.msid(), body, formatBytes(body));
            case MessageType.AGGREGATE -> aggregate(raw);
            default -> new RtmpMessage.Other(raw.type(), body.length);
        };
    }

    /// Short events are legal nonsense that does no harm; only the number must be there.
    private static RtmpMessage userControl(byte[] body) {
        if (body.length < 2) {
            throw RtmpException.protocol("A user control message of %d bytes.", body.length);
        }
        int event = (body[0] & 0xff) << 8 | (body[1] & 0xff);
        return new RtmpMessage.UserControl(event, body.length < 6 ? 0 : unsigned32(body, 2));
    }

    private static RtmpMessage peerBandwidth(byte[] body) {
        int limitType = body.length > 4 ? body[4] & 0xff : 2;
        return new RtmpMessage.SetPeerBandwidth(unsigned32(body, 0), limitType);
    }

    private RtmpMessage command(int msid, byte[] body, int from) {
        Amf0Reader reader = Amf0Reader.ofCommand(body, from, limits.amf());
        if (!reader.hasNext() || !(reader.next() instanceof AmfValue.Str(String name))) {
            throw RtmpException.protocol("A command without a name.");
        }
        double transactionId = reader.hasNext() && reader.next() instanceof AmfValue.Num(double id) ? id : 0;
        AmfValue object = reader.hasNext() ? reader.next() : AmfValue.NULL;
        return new RtmpMessage.Command(msid, name, transactionId, object, reader.rest());
    }

    /// Types 15 and 17 begin with a format byte of 0, which some senders leave out. 0 is also the marker of a
    /// number, so the byte behind it decides: a string, short, long or AMF3.
    private static int formatBytes(byte[] body) {
        boolean stringFollows = body.length > 1 && (body[1] == 0x02 || body[1] == 0x0c || body[1] == 0x11);
        return stringFollows && body[0] == 0 ? 1 : 0;
    }

    /// What data of type 15 says, in the form of type 18: AMF3 values are written as AMF0, which all players read.
    /// Data that cannot be read is passed on as it came, like that of type 18.
    private byte[] asAmf0(byte[] body) {
        byte[] content = Arrays.copyOfRange(body, formatBytes(body), body.length);
        Amf0Reader reader = Amf0Reader.ofData(content, 0, limits.amf());
        try {
            List<AmfValue> values = reader.rest();
            return reader.metAmf3() ? Amf0.encode(values.toArray(AmfValue[]::new)) : content;
        } catch (RtmpException unreadable) {
            return content;
        }
    }

    /// Type 16 has a format byte of 0 too. Without it the length of a name comes first, which is neither 0 nor
    /// more than 255.
    private static byte[] objectWithoutFormatByte(byte[] body) {
        boolean formatByte = body.length > 1 && body[0] == 0 && body[1] == 0;
        return formatByte ? Arrays.copyOfRange(body, 1, body.length) : body;
    }

    /// Parts look like FLV tags. Their times only count relative to the first; the aggregate says where that is.
    /// Its message stream overrides theirs.
    private RtmpMessage aggregate(RawMessage raw) {
        byte[] body = raw.body();
        List<RtmpMessage.Media> parts = new ArrayList<>();
        int at = 0;
        int firstTimeMs = 0;
        for (int count = 1; body.length - at >= PART_HEADER_BYTES; count++) {
            if (count > limits.chunks().aggregateParts()) {
                throw RtmpException.limit(
                        Limit.AGGREGATE_PARTS,
                        "More than %d parts in an aggregate.",
                        limits.chunks().aggregateParts());
            }
            int length = (int) unsigned32(body, at) & 0xffffff;
            int timeMs = (body[at + 7] & 0xff) << 24 | ((int) unsigned32(body, at + 3) & 0xffffff);
            firstTimeMs = count == 1 ? timeMs : firstTimeMs;
            if (body.length - at - PART_HEADER_BYTES < length) {
                throw RtmpException.protocol("An aggregate ends inside a part.");
            }
            int from = at + PART_HEADER_BYTES;
            long timestampMs = (raw.timestampMs() + (timeMs - firstTimeMs)) & 0xffffffffL;
            addPart(parts, body[at] & 0xff, timestampMs, raw.msid(), Arrays.copyOfRange(body, from, from + length));
            at = from + length + BACK_POINTER_BYTES;
        }
        return new RtmpMessage.Aggregate(parts);
    }

    /// Others have no business inside an aggregate and are dropped.
    private void addPart(List<RtmpMessage.Media> parts, int type, long timestampMs, int msid, byte[] body) {
        switch (type) {
            case MessageType.AUDIO -> parts.add(new RtmpMessage.Audio(timestampMs, msid, body));
            case MessageType.VIDEO -> parts.add(new RtmpMessage.Video(timestampMs, msid, body));
            case MessageType.DATA_AMF0 -> parts.add(new RtmpMessage.Data(timestampMs, msid, body));
            case MessageType.DATA_AMF3 -> parts.add(new RtmpMessage.Data(timestampMs, msid, asAmf0(body)));
            default -> {}
        }
    }

    private static long unsigned32(byte[] body, int at) {
        if (body.length - at < 4) {
            throw RtmpException.protocol("A control message of %d bytes.", body.length);
        }
        return (body[at] & 0xffL) << 24
                | (body[at + 1] & 0xff) << 16
                | (body[at + 2] & 0xff) << 8
                | (body[at + 3] & 0xff);
    }
}
