package dev.sluice.rtmp.message;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.amf.AmfValue;
import java.util.List;

/// One message, typed by its number. Bodies are exact, plain arrays that belong to the receiver. @spec RTMP 1.0
/// §5.4, §7.1
public sealed interface RtmpMessage {
    /// The peer changes the size of its chunks.
    ///
    /// @param bytes largest chunk payload that the peer sends from now on, 1 to 2^31-1
    record SetChunkSize(int bytes) implements RtmpMessage {}

    record Abort(int csid) implements RtmpMessage {}

    /// The peer has read this far.
    ///
    /// @param receivedBytes what the peer has received so far, modulo 2^32
    record Acknowledgement(long receivedBytes) implements RtmpMessage {}

    /// The peer wants acknowledgements this often.
    ///
    /// @param bytes how much the peer sends before it wants an acknowledgement, unsigned 32 bits
    record WindowAckSize(long bytes) implements RtmpMessage {}

    /// The peer limits what we send unacknowledged.
    ///
    /// @param bytes the window that the peer asks us to announce, unsigned 32 bits
    /// @param limitType 0 hard, 1 soft, 2 dynamic
    record SetPeerBandwidth(long bytes, int limitType) implements RtmpMessage {}

    /// An event of a stream or the connection.
    ///
    /// @param event number of the event, see [UserEvent]
    /// @param value first four bytes of its data, unsigned; nearly always a message stream id. 0 if there are
    ///     fewer
    record UserControl(int event, long value) implements RtmpMessage {}

    /// A call, an answer to a call, or a status.
    ///
    /// @param transactionId what a reply repeats; 0 wants no reply
    /// @param object the command object, `Null` if there is none
    /// @param arguments what follows
    record Command(int msid, String name, double transactionId, AmfValue object, List<AmfValue> arguments)
            implements RtmpMessage {
        public Command {
            arguments = List.copyOf(arguments);
        }

        /// The argument at `index`, `Undefined` if there are fewer.
        public AmfValue argument(int index) {
            return index < arguments.size() ? arguments.get(index) : AmfValue.UNDEFINED;
        }

        public boolean wantsReply() {
            return transactionId != 0;
        }
    }

    /// What a publisher sends: audio and video as FLV has them, data as AMF0.
    sealed interface Media extends RtmpMessage {
        /// Milliseconds, unsigned 32 bits, wrapping every 49.7 days.
        long timestampMs();

        int msid();

        byte[] body();

        default MediaKind kind() {
            return switch (this) {
                case Audio audio -> MediaKind.AUDIO;
                case Video video -> MediaKind.VIDEO;
                case Data data -> MediaKind.DATA;
            };
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, neither copied nor compared
    record Audio(long timestampMs, int msid, byte[] body) implements Media {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, neither copied nor compared
    record Video(long timestampMs, int msid, byte[] body) implements Media {}

    /// Metadata, cue points, captions.
    ///
    /// @param body AMF0 values, without the format byte of type 15
    @SuppressWarnings("ArrayRecordComponent") // handed over, neither copied nor compared
    record Data(long timestampMs, int msid, byte[] body) implements Media {}

    /// Several messages in one, already taken apart and on the aggregate's timeline.
    record Aggregate(List<Media> parts) implements RtmpMessage {
        public Aggregate {
            parts = List.copyOf(parts);
        }
    }

    /// What happens to a shared object, not read yet: most servers have none, and then it is not worth the work.
    ///
    /// @param body as [dev.sluice.rtmp.sharedobject.SharedObjectMessage] reads it, without the format byte of type
    ///     16
    @SuppressWarnings("ArrayRecordComponent") // handed over, neither copied nor compared
    record SharedObject(byte[] body) implements RtmpMessage {}

    /// A type that means nothing here: reserved numbers.
    record Other(int type, int bytes) implements RtmpMessage {}
}
