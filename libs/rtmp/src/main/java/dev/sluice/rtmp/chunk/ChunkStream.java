package dev.sluice.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// What the decoder remembers of one chunk stream: the last header, and the message that is being put together.
final class ChunkStream {
    private static final byte[] NOTHING = {};

    final Header header;

    private byte[] body = NOTHING;
    private int received;
    private boolean open;
    private boolean partial;

    ChunkStream(int csid) {
        this.header = new Header(csid);
    }

    /// The fields that later headers inherit. Survives message boundaries for the whole connection.
    static final class Header {
        final int csid;
        /// Of the current or last message, modulo 2^32.
        int timestampMs;
        /// What a type 3 chunk adds when it starts a message.
        int deltaMs;
        int length;
        int type;
        int msid;
        /// Whether the last type 0, 1 or 2 header had an extended field, and its raw value.
        boolean extended;

        int extendedValue;
        /// Whether the last header was type 0, after which the meaning of type 3 is disputed.
        boolean absolute;

        Header(int csid) {
            this.csid = csid;
        }
    }

    void open() {
        open = true;
        received = 0;
    }

    /// Whether a message has begun and is not complete.
    boolean isOpen() {
        return open;
    }

    /// Whether a chunk of it has ended and more must follow.
    boolean isPartial() {
        return partial;
    }

    void markPartial() {
        partial = true;
    }

    boolean isComplete() {
        return open && received == header.length;
    }

    int remaining() {
        return header.length - received;
    }

    /// Bytes that are held for the unfinished message; more than were received, never more than twice as many.
    int heldBytes() {
        return body.length;
    }

    /// How many bytes [#heldBytes()] grows by when `bytes` more arrive.
    int growthFor(int bytes) {
        return capacityFor(bytes) - body.length;
    }

    void append(ByteBuf in, int bytes) {
        grow(capacityFor(bytes));
        in.readBytes(body, received, bytes);
        received += bytes;
    }

    void append(byte value) {
        grow(capacityFor(1));
        body[received++] = value;
    }

    /// Grows with what has arrived; the declared length is only the end.
    private int capacityFor(int bytes) {
        int needed = received + bytes;
        return needed <= body.length ? body.length : Math.min(header.length, Math.max(needed, body.length * 2));
    }

    private void grow(int capacity) {
        if (capacity > body.length) {
            body = Arrays.copyOf(body, capacity);
        }
    }

    /// Gives the complete body away.
    RawMessage take() {
        RawMessage message =
                new RawMessage(header.csid, header.type, Integer.toUnsignedLong(header.timestampMs), header.msid, body);
        drop();
        return message;
    }

    void drop() {
        body = NOTHING;
        received = 0;
        open = false;
        partial = false;
    }
}
