package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Takes a recording of a client apart into its chunks. Code of its own, so that the server's is not tested with
/// itself. It trusts the recording.
///
/// @spec https://rtmp.veriskope.com/pdf/rtmp_specification_1.0.pdf RTMP 1.0 §5.3
final class Chunks {
    static final int HANDSHAKE_BYTES = 1 + 2 * 1536;
    private static final int[] MESSAGE_HEADER_BYTES = {11, 7, 3, 0};
    private static final int SET_CHUNK_SIZE = 1;
    private static final int EXTENDED = 0xff_ffff;

    private final byte[] bytes;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private int at = HANDSHAKE_BYTES;
    private int chunkBytes = 128;

    /// A chunk stream: the header of its latest message and what is missing of that.
    private static final class Stream {
        private int length;
        private int type;
        private boolean extended;
        private int missing;
    }

    private Chunks(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The handshake, then each chunk; the last one may be cut off.
    static List<byte[]> split(byte[] recording) {
        var chunks = new Chunks(recording);
        var pieces = new ArrayList<byte[]>();
        pieces.add(Arrays.copyOf(recording, HANDSHAKE_BYTES));
        while (chunks.at < recording.length) {
            int start = chunks.at;
            chunks.skip();
            chunks.at = Math.min(chunks.at, recording.length);
            pieces.add(Arrays.copyOfRange(recording, start, chunks.at));
        }
        return pieces;
    }

    /// Bytes of the header of a chunk behind its first byte, without the extended timestamp.
    static int messageHeaderBytes(byte[] chunk) {
        return chunk.length == 0 ? 0 : MESSAGE_HEADER_BYTES[chunk[0] >> 6 & 3];
    }

    private void skip() {
        int id = bytes[at] & 0x3f;
        if (id < 2) {
            throw new AssertionError("no client that was recorded uses chunk stream ids above 63");
        }
        var stream = streams.computeIfAbsent(id, any -> new Stream());
        int header = MESSAGE_HEADER_BYTES[bytes[at] >> 6 & 3];
        at++;
        if (at + header > bytes.length) {
            at = bytes.length; // cut off in the middle of a header
            return;
        }
        readHeader(stream, header);
        at += header + (stream.extended ? 4 : 0);
        skipPayload(stream);
    }

    private void readHeader(Stream stream, int header) {
        if (header >= 3) {
            stream.extended = number(at, 3) == EXTENDED;
        }
        if (header >= 7) {
            stream.length = number(at + 3, 3);
            stream.type = bytes[at + 6];
        }
        if (header > 0 || stream.missing == 0) {
            stream.missing = stream.length;
        }
    }

    private void skipPayload(Stream stream) {
        int payload = Math.min(stream.missing, chunkBytes);
        if (stream.type == SET_CHUNK_SIZE && at + 4 <= bytes.length) {
            chunkBytes = number(at, 4);
        }
        stream.missing -= payload;
        at += payload;
    }

    private int number(int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }
}
