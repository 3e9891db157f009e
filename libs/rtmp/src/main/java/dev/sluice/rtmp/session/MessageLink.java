package dev.sluice.rtmp.session;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.chunk.ChunkDecoder;
import dev.sluice.rtmp.chunk.ChunkEncoder;
import dev.sluice.rtmp.chunk.RawMessage;
import dev.sluice.rtmp.message.MessageReader;
import dev.sluice.rtmp.message.RtmpMessage;
import dev.sluice.rtmp.message.UserEvent;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.Set;

/// The part of a session that is the same on both sides: chunks in and out, and the control messages that are
/// answered without asking anybody (windows, acknowledgements, pings).
///
/// Commands and control messages are written with full headers, on chunk streams of their own, so that they
/// need no memory and never disturb the relative headers of media that somebody else writes to the same
/// connection.
final class MessageLink {
    /// Chunk stream of commands that belong to the connection.
    static final int CONNECTION_CSID = 3;
    /// Chunk stream of commands that belong to one message stream.
    static final int STREAM_CSID = 5;

    private static final int CONTROL_CSID = 2;
    private static final int FIRST_CHUNK_BYTES = 128;
    private static final int FIRST_OUTPUT_BYTES = 512;

    private final ChunkDecoder decoder;
    private final MessageReader reader;
    private final ChunkEncoder encoder = new ChunkEncoder(FIRST_CHUNK_BYTES);
    private final Acknowledgements acknowledgements;
    private final HeaderRate headerRate;
    private final RateLimit controlMessages;
    private final RateLimit controlReplies;
    private final Bandwidth bandwidth = new Bandwidth();
    private Set<Limit> leftOut = Set.of();
    private ByteBuf output = Unpooled.EMPTY_BUFFER;

    MessageLink(RtmpLimits limits) {
        RtmpLimits.Rates rates = limits.rates();
        decoder = new ChunkDecoder(limits);
        reader = new MessageReader(limits);
        acknowledgements = new Acknowledgements(rates.acksPerSecond());
        headerRate = new HeaderRate(limits.chunks().headersPerSecond());
        controlMessages = new RateLimit(rates.controlMessagesPerSecond(), rates.controlMessagesPerSecond());
        controlReplies = new RateLimit(rates.controlRepliesPerSecond(), rates.controlRepliesPerSecond());
    }

    void admit() {
        decoder.admit();
    }

    int heldBytes() {
        return decoder.heldBytes();
    }

    /// Reads on until there is a message that is the session's business.
    ///
    /// @return empty if `in` was read to its end
    /// @throws RtmpException if the peer broke a rule or a limit
    Optional<RtmpMessage> next(ByteBuf in, long nowNs) {
        int from = in.readerIndex();
        Optional<RtmpMessage> message = nextForSession(in, nowNs);
        headerRate.check(decoder.headersRead(), nowNs);
        switch (acknowledgements.received(in.readerIndex() - from, nowNs)) {
            case DUE -> writeNumber(MessageType.ACKNOWLEDGEMENT, acknowledgements.totalBytes());
            case LEFT_OUT -> leftOut = HitLimits.with(leftOut, Limit.ACKNOWLEDGEMENT_RATE);
            case NOT_DUE -> {}
        }
        return message;
    }

    private Optional<RtmpMessage> nextForSession(ByteBuf in, long nowNs) {
        while (true) {
            Optional<RawMessage> raw = decoder.next(in);
            if (raw.isEmpty()) {
                return Optional.empty();
            }
            RtmpMessage message = reader.read(raw.get());
            if (!isControl(message)) {
                return Optional.of(message);
            }
            if (!controlMessages.take(nowNs)) {
                throw RtmpException.limit(Limit.CONTROL_MESSAGE_RATE, "A flood of control messages.");
            }
            answerControl(message, nowNs);
            if (message instanceof RtmpMessage.UserControl || message instanceof RtmpMessage.SharedObject) {
                return Optional.of(message);
            }
        }
    }

    private static boolean isControl(RtmpMessage message) {
        return switch (message) {
            case RtmpMessage.SetChunkSize m -> true;
            case RtmpMessage.Abort m -> true;
            case RtmpMessage.Acknowledgement m -> true;
            case RtmpMessage.WindowAckSize m -> true;
            case RtmpMessage.SetPeerBandwidth m -> true;
            case RtmpMessage.UserControl m -> true;
            case RtmpMessage.SharedObject m -> true;
            case RtmpMessage.Other m -> true;
            case RtmpMessage.Command m -> false;
            case RtmpMessage.Media m -> false;
            case RtmpMessage.Aggregate m -> false;
        };
    }

    /// Chunk size and abort already took effect in the decoder. Acknowledgements are ignored on purpose:
    /// sending never waits for them, because half of the clients send none.
    private void answerControl(RtmpMessage message, long nowNs) {
        switch (message) {
            case RtmpMessage.WindowAckSize(long bytes) -> acknowledgements.window(bytes);
            case RtmpMessage.SetPeerBandwidth(long bytes, int limitType) -> {
                if (bandwidth.asked(bytes, limitType) && mayReply(nowNs)) {
                    announceWindow(bandwidth.windowBytes);
                }
            }
            case RtmpMessage.UserControl(int event, long value) -> {
                if (event == UserEvent.PING_REQUEST && mayReply(nowNs)) {
                    writeUserControl(UserEvent.PING_RESPONSE, value);
                }
            }
            default -> {}
        }
    }

    private boolean mayReply(long nowNs) {
        boolean may = controlReplies.take(nowNs);
        if (!may) {
            leftOut = HitLimits.with(leftOut, Limit.CONTROL_REPLY_RATE);
        }
        return may;
    }

    /// The limits because of which something was not sent since the last call.
    Set<Limit> takeLeftOut() {
        Set<Limit> taken = leftOut;
        leftOut = Set.of();
        return taken;
    }

    /// The window that the peer wants us to announce. @spec RTMP 1.0 §5.4.5
    private static final class Bandwidth {
        private static final int SOFT = 1;
        private static final int DYNAMIC = 2;

        private long windowBytes;
        private boolean hard;

        /// @return whether the window changed, so that it must be announced
        boolean asked(long bytes, int limitType) {
            boolean ignored = limitType == DYNAMIC && !hard && windowBytes != 0;
            long wanted = limitType == SOFT && windowBytes != 0 ? Math.min(windowBytes, bytes) : bytes;
            hard = limitType == DYNAMIC ? hard : limitType != SOFT;
            boolean changed = !ignored && wanted != windowBytes;
            windowBytes = changed ? wanted : windowBytes;
            return changed;
        }
    }

    void announceWindow(long bytes) {
        bandwidth.windowBytes = bytes;
        writeNumber(MessageType.WINDOW_ACK_SIZE, bytes);
    }

    void askForBandwidth(long bytes, int limitType) {
        ByteBuf body = Unpooled.buffer(5).writeInt((int) bytes).writeByte(limitType);
        writeControl(MessageType.SET_PEER_BANDWIDTH, body);
    }

    void announceChunkSize(int bytes) {
        writeNumber(MessageType.SET_CHUNK_SIZE, bytes);
        encoder.chunkBytes(bytes);
    }

    void writeUserControl(int event, long... values) {
        ByteBuf body = Unpooled.buffer(10).writeShort(event);
        for (long value : values) {
            body.writeInt((int) value);
        }
        writeControl(MessageType.USER_CONTROL, body);
    }

    private void writeNumber(int type, long number) {
        writeControl(type, Unpooled.buffer(4).writeInt((int) number));
    }

    private void writeControl(int type, ByteBuf body) {
        ChunkEncoder.writeType0(output(), CONTROL_CSID, 0, type, 0, body, encoder.chunkBytes());
    }

    void writeCommand(int csid, int msid, String name, double transactionId, AmfValue... values) {
        ByteBuf body = Unpooled.buffer();
        Amf0.write(body, AmfValue.of(name));
        Amf0.write(body, AmfValue.of(transactionId));
        for (AmfValue value : values) {
            Amf0.write(body, value);
        }
        ChunkEncoder.writeType0(output(), csid, 0, MessageType.COMMAND_AMF0, msid, body, encoder.chunkBytes());
    }

    void writeSharedObject(SharedObjectMessage message) {
        ByteBuf body = Unpooled.buffer();
        message.writeTo(body);
        int type = MessageType.SHARED_OBJECT_AMF0;
        ChunkEncoder.writeType0(output(), CONNECTION_CSID, 0, type, 0, body, encoder.chunkBytes());
    }

    /// @param body from its reader index on; its indexes stay as they are
    void writeMedia(MediaKind kind, long timestampMs, int msid, ByteBuf body) {
        encoder.write(output(), kind.chunkStreamId(), timestampMs, kind.messageType(), msid, body);
    }

    /// Where whatever is due goes.
    ByteBuf output() {
        if (output.capacity() == 0) {
            output = Unpooled.buffer(FIRST_OUTPUT_BYTES);
        }
        return output;
    }

    boolean hasOutput() {
        return output.isReadable();
    }

    /// Everything that is due, as a heap buffer that needs no release; empty if nothing is.
    ByteBuf takeOutput() {
        ByteBuf taken = output;
        output = Unpooled.EMPTY_BUFFER;
        return taken;
    }
}
