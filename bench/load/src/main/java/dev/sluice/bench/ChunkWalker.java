package dev.sluice.bench;

import dev.sluice.rtmp.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// Walks over the chunks that a server sends and keeps only the first bytes of each message: a viewer that costs
/// next to nothing, so that the load leaves the machine to the server. Real clients use
/// [dev.sluice.rtmp.chunk.ChunkDecoder].
///
/// Type 3 chunks are taken to repeat an extended timestamp, as all current servers do. For one thread.
final class ChunkWalker {
    /// Basic header, message header, extended timestamp.
    private static final int LONGEST_HEADER_BYTES = 3 + 11 + 4;

    private static final int EXTENDED = 0xff_ffff;
    private static final int MOST_STREAMS = 64;
    private static final int CONTROL_KEPT_BYTES = 64;

    private final MediaSink sink;
    private final int keptBytes;
    private final HeaderBytes header = new HeaderBytes(LONGEST_HEADER_BYTES);
    private final List<Stream> streams = new ArrayList<>(4);
    private int chunkBytes = 128;
    private Stream current = new Stream(-1, 0);
    private int chunkRemaining;

    /// What later headers inherit.
    private static final class Stream {
        final int csid;
        final Capture message;
        int type;
        int length;
        boolean extended;

        Stream(int csid, int keptBytes) {
            this.csid = csid;
            this.message = new Capture(keptBytes);
        }
    }

    /// @param keptBytes how much of each message the sink sees at most
    ChunkWalker(int keptBytes, MediaSink sink) {
        this.keptBytes = Math.max(keptBytes, CONTROL_KEPT_BYTES);
        this.sink = sink;
    }

    /// Reads all of it.
    void walk(ByteBuf in) {
        while (passPayload(in) && readHeader(in)) {
            // A header was read: its payload is next.
        }
    }

    /// False if more has to come.
    private boolean passPayload(ByteBuf in) {
        if (chunkRemaining == 0) {
            return true;
        }
        chunkRemaining -= current.message.take(in, chunkRemaining);
        if (chunkRemaining > 0) {
            return false;
        }
        if (current.message.isComplete()) {
            current.message.deliver(current.type, this::onMessage);
        }
        return true;
    }

    private boolean readHeader(ByteBuf in) {
        if (!header.fill(in, 1)) {
            return false;
        }
        int low = header.unsignedByte(0) & 0x3f;
        int basicBytes = low == 0 ? 2 : low == 1 ? 3 : 1;
        if (!header.fill(in, basicBytes)) {
            return false;
        }
        int format = header.unsignedByte(0) >>> 6;
        var stream = stream(csid(low), format);
        int headerBytes = basicBytes + (format == 0 ? 11 : format == 1 ? 7 : format == 2 ? 3 : 0);
        if (!header.fill(in, headerBytes)) {
            return false;
        }
        boolean extended = format == 3 ? stream.extended : header.unsignedMedium(basicBytes) == EXTENDED;
        if (extended && !header.fill(in, headerBytes + 4)) {
            return false;
        }
        stream.extended = extended;
        if (format < 2) {
            stream.length = header.unsignedMedium(basicBytes + 3);
            stream.type = header.unsignedByte(basicBytes + 6);
        }
        header.next();
        beginChunk(stream);
        return true;
    }

    private int csid(int low) {
        return switch (low) {
            case 0 -> 64 + header.unsignedByte(1);
            case 1 -> 64 + header.unsignedByte(1) + 256 * header.unsignedByte(2);
            default -> low;
        };
    }

    private Stream stream(int csid, int format) {
        if (current.csid == csid) {
            return current;
        }
        for (var stream : streams) {
            if (stream.csid == csid) {
                return stream;
            }
        }
        if (format > 1 || streams.size() == MOST_STREAMS) {
            throw new ViewerFailed("the server's chunk stream %d begins with a type %d header".formatted(csid, format));
        }
        var created = new Stream(csid, keptBytes);
        streams.add(created);
        return created;
    }

    private void beginChunk(Stream stream) {
        current = stream;
        if (stream.message.isComplete()) {
            stream.message.begin(stream.length);
        }
        chunkRemaining = Math.min(chunkBytes, stream.message.remaining());
    }

    private void onMessage(int type, byte[] body, int known, int length) {
        if (type == MessageType.SET_CHUNK_SIZE && known >= 4) {
            int bytes = (body[0] & 0x7f) << 24 | (body[1] & 0xff) << 16 | (body[2] & 0xff) << 8 | body[3] & 0xff;
            chunkBytes = Math.max(1, bytes);
        }
        sink.onMessage(type, body, known, length);
    }
}
