package dev.sluice.rtmp.chunk;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns messages into chunks. Whole messages are written, never interleaved: some embedded readers cannot undo
/// it.
///
/// The instance remembers the last header of each chunk stream and picks the shortest type that every reader
/// agrees on: type 0 first and whenever time goes back, type 3 for a new message never right after type 0 nor
/// with an extended timestamp, because readers differ there. The static methods keep no state, for bytes that
/// many connections share.
///
/// Only chunk stream ids 2 to 63 are written, because some readers know no others. Extended timestamps are
/// repeated on continuations, as the 2012 specification says. One owner thread. @spec RTMP 1.0 §5.3
public final class ChunkEncoder {
    private static final int EXTENDED = 0xffffff;
    private static final int MAX_MESSAGE_BYTES = 0xffffff;
    private static final int MOVE_BYTES = 8192;

    private static final int TYPE_0_BYTES = 12;
    private static final int TYPE_1_BYTES = 8;

    private static final @Nullable Last[] NONE_YET = {};

    /// By chunk stream; as long as the highest one needs that was written.
    private @Nullable Last[] lastHeaders = NONE_YET;
    private int chunkBytes;

    /// @param deltaMs the delta that a type 3 header would repeat; negative if readers disagree about it
    private record Last(long timestampMs, long deltaMs, int bodyBytes, int type, int msid) {}

    /// @param chunkBytes largest chunk payload; 128 until a Set Chunk Size was sent
    public ChunkEncoder(int chunkBytes) {
        this.chunkBytes = chunkBytes;
    }

    /// Applies to the next message. The caller writes the Set Chunk Size message first.
    public void chunkBytes(int bytes) {
        this.chunkBytes = bytes;
    }

    public int chunkBytes() {
        return chunkBytes;
    }

    /// Writes one message with the shortest safe header.
    ///
    /// @param csid chunk stream, 2 to 63
    /// @param timestampMs milliseconds, unsigned 32 bits
    /// @param body the payload from its reader index on; its indexes stay as they are
    public void write(ByteBuf out, int csid, long timestampMs, int type, int msid, ByteBuf body) {
        checkMessage(csid, body.readableBytes());
        Last last = csid < lastHeaders.length ? lastHeaders[csid] : null;
        long deltaMs = last == null ? -1 : timestampMs - last.timestampMs;
        if (last == null || last.msid != msid || deltaMs < 0) {
            writeType0(out, csid, timestampMs, type, msid, body, chunkBytes);
            remember(csid, new Last(timestampMs, -1, body.readableBytes(), type, msid));
            return;
        }
        boolean sameShape = last.bodyBytes == body.readableBytes() && last.type == type;
        if (!sameShape) {
            writeType1(out, csid, deltaMs, type, body, chunkBytes);
        } else if (last.deltaMs == deltaMs) {
            out.writeByte(3 << 6 | csid);
            writeBody(out, csid, false, 0, body, chunkBytes);
        } else {
            writeBasicAndTime(out, 2, csid, deltaMs);
            writeExtended(out, deltaMs);
            writeBody(out, csid, isExtended(deltaMs), deltaMs, body, chunkBytes);
        }
        long repeatable = isExtended(deltaMs) ? -1 : deltaMs;
        remember(csid, new Last(timestampMs, repeatable, body.readableBytes(), type, msid));
    }

    private void remember(int csid, Last last) {
        if (csid >= lastHeaders.length) {
            lastHeaders = Arrays.copyOf(lastHeaders, csid + 1);
        }
        lastHeaders[csid] = last;
    }

    /// Writes one message with a full header: an absolute timestamp and nothing inherited.
    ///
    /// @param csid chunk stream, 2 to 63
    /// @param timestampMs milliseconds, unsigned 32 bits
    /// @param body the payload from its reader index on; its indexes stay as they are
    public static void writeType0(
            ByteBuf out, int csid, long timestampMs, int type, int msid, ByteBuf body, int chunkBytes) {
        checkMessage(csid, body.readableBytes());
        writeBasicAndTime(out, 0, csid, timestampMs);
        out.writeMedium(body.readableBytes());
        out.writeByte(type);
        out.writeIntLE(msid);
        writeExtended(out, timestampMs);
        writeBody(out, csid, isExtended(timestampMs), timestampMs, body, chunkBytes);
    }

    /// Writes one message with a relative header, which inherits the message stream and adds to the time of the
    /// message before it on this chunk stream. So the same bytes fit every connection on which a type 0 header
    /// went before.
    ///
    /// @param csid chunk stream, 2 to 63
    /// @param deltaMs milliseconds since the message before, unsigned 32 bits
    /// @param body the payload from its reader index on; its indexes stay as they are
    public static void writeType1(ByteBuf out, int csid, long deltaMs, int type, ByteBuf body, int chunkBytes) {
        checkMessage(csid, body.readableBytes());
        writeType1Header(out, csid, deltaMs, type, body.readableBytes());
        writeBody(out, csid, isExtended(deltaMs), deltaMs, body, chunkBytes);
    }

    /// Like the other, with a body that is written straight into `out`. Bodies longer than a chunk are moved
    /// apart afterwards to make room for the continuation headers.
    ///
    /// @param bodyBytes how many bytes `body` writes
    /// @throws IllegalStateException if it writes another number of bytes
    public static void writeType1(
            ByteBuf out, int csid, long deltaMs, int type, int bodyBytes, int chunkBytes, Consumer<ByteBuf> body) {
        checkMessage(csid, bodyBytes);
        out.ensureWritable(
                encodedBytes(bodyBytes, chunkBytes, TYPE_1_BYTES) + extendedBytes(bodyBytes, chunkBytes, deltaMs));
        writeType1Header(out, csid, deltaMs, type, bodyBytes);
        int start = out.writerIndex();
        body.accept(out);
        int written = out.writerIndex() - start;
        if (written != bodyBytes) {
            throw new IllegalStateException("The body has %d bytes instead of %d".formatted(written, bodyBytes));
        }
        if (bodyBytes > chunkBytes) {
            splitInPlace(out, csid, deltaMs, start, bodyBytes, chunkBytes);
        }
    }

    /// Bytes of a message on the wire, if its timestamp is not extended.
    ///
    /// @param headerBytes of the first chunk: 12 for type 0, 8 for type 1
    public static int encodedBytes(int bodyBytes, int chunkBytes, int headerBytes) {
        return headerBytes + bodyBytes + continuations(bodyBytes, chunkBytes);
    }

    /// Bytes of a type 0 message on the wire, if its timestamp is not extended.
    public static int type0Bytes(int bodyBytes, int chunkBytes) {
        return encodedBytes(bodyBytes, chunkBytes, TYPE_0_BYTES);
    }

    /// Bytes of a type 1 message on the wire, if its delta is not extended.
    public static int type1Bytes(int bodyBytes, int chunkBytes) {
        return encodedBytes(bodyBytes, chunkBytes, TYPE_1_BYTES);
    }

    private static int extendedBytes(int bodyBytes, int chunkBytes, long time) {
        return isExtended(time) ? 4 + 4 * continuations(bodyBytes, chunkBytes) : 0;
    }

    private static int continuations(int bodyBytes, int chunkBytes) {
        return bodyBytes == 0 ? 0 : (bodyBytes - 1) / chunkBytes;
    }

    private static void checkMessage(int csid, int bodyBytes) {
        if (csid < 2 || csid > 63) {
            throw new IllegalArgumentException("Chunk stream ids from 2 to 63 are written, not " + csid);
        }
        if (bodyBytes > MAX_MESSAGE_BYTES) {
            throw RtmpException.limit(Limit.MESSAGE_BYTES, "A message of %d bytes does not fit into RTMP.", bodyBytes);
        }
    }

    private static void writeType1Header(ByteBuf out, int csid, long deltaMs, int type, int bodyBytes) {
        writeBasicAndTime(out, 1, csid, deltaMs);
        out.writeMedium(bodyBytes);
        out.writeByte(type);
        writeExtended(out, deltaMs);
    }

    private static void writeBasicAndTime(ByteBuf out, int format, int csid, long time) {
        out.writeByte(format << 6 | csid);
        out.writeMedium(isExtended(time) ? EXTENDED : (int) time);
    }

    private static void writeExtended(ByteBuf out, long time) {
        if (isExtended(time)) {
            out.writeInt((int) time);
        }
    }

    private static boolean isExtended(long time) {
        return (time & 0xffffffffL) >= EXTENDED;
    }

    private static void writeBody(ByteBuf out, int csid, boolean extended, long time, ByteBuf body, int chunkBytes) {
        int from = body.readerIndex();
        int end = body.writerIndex();
        while (true) {
            int bytes = Math.min(chunkBytes, end - from);
            out.writeBytes(body, from, bytes);
            from += bytes;
            if (from == end) {
                return;
            }
            out.writeByte(3 << 6 | csid);
            if (extended) {
                out.writeInt((int) time);
            }
        }
    }

    /// Moves the chunks apart from the last to the second, so that none is overwritten before it has moved.
    private static void splitInPlace(ByteBuf out, int csid, long time, int start, int bodyBytes, int chunkBytes) {
        int headerBytes = isExtended(time) ? 5 : 1;
        int chunks = continuations(bodyBytes, chunkBytes);
        byte[] moved = new byte[Math.min(MOVE_BYTES, chunkBytes)];
        for (int chunk = chunks; chunk >= 1; chunk--) {
            int from = start + chunk * chunkBytes;
            int bytes = Math.min(chunkBytes, bodyBytes - chunk * chunkBytes);
            int to = from + chunk * headerBytes;
            moveUp(out, from, to, bytes, moved);
            out.setByte(to - headerBytes, 3 << 6 | csid);
            if (headerBytes > 1) {
                out.setInt(to - 4, (int) time);
            }
        }
        out.writerIndex(start + bodyBytes + chunks * headerBytes);
    }

    private static void moveUp(ByteBuf out, int from, int to, int bytes, byte[] moved) {
        int left = bytes;
        while (left > 0) {
            int part = Math.min(left, moved.length);
            left -= part;
            out.getBytes(from + left, moved, 0, part);
            out.setBytes(to + left, moved, 0, part);
        }
    }
}
