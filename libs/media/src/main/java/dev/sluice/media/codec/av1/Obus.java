package dev.sluice.media.codec.av1;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import java.util.Optional;

/// Walks the open bitstream units of a temporal unit in the low-overhead format.
///
/// @spec https://aomediacodec.github.io/av1-spec/ AV1 §5.3
public final class Obus {
    public static final int SEQUENCE_HEADER = 1;
    public static final int TEMPORAL_DELIMITER = 2;
    public static final int FRAME_HEADER = 3;
    public static final int FRAME = 6;

    private static final int MAX_LEB128_BYTES = 8;

    private final Payload bytes;
    private int start;
    private int contentStart;
    private int end;

    /// @param bytes whole units, each with its size but for the last, which may go to the end
    public Obus(Payload bytes) {
        this.bytes = bytes;
    }

    /// The content of the first unit of this type, without its header.
    ///
    /// @throws Malformed when a size leads past the end
    public static Optional<Payload> first(Payload bytes, int type) {
        var obus = new Obus(bytes);
        while (obus.next()) {
            if (obus.type() == type) {
                return Optional.of(obus.content());
            }
        }
        return Optional.empty();
    }

    /// Goes to the next unit; false after the last.
    ///
    /// @throws Malformed when its size leads past the end
    public boolean next() {
        if (end >= bytes.length()) {
            return false;
        }
        start = end;
        int header = bytes.get(start);
        int at = start + ((header & 4) != 0 ? 2 : 1);
        long size = Math.max(0, bytes.length() - at);
        if ((header & 2) != 0) {
            size = 0;
            int shift = 0;
            boolean more = true;
            for (int i = 0; more; i++) {
                if (i == MAX_LEB128_BYTES || at >= bytes.length()) {
                    throw Malformed.frame("AV1: the size of a unit does not end");
                }
                int part = bytes.get(at++);
                size |= (long) (part & 0x7f) << shift;
                shift += 7;
                more = (part & 0x80) != 0;
            }
        }
        if (at > bytes.length() || size > bytes.length() - at) {
            throw Malformed.frame("AV1: a unit of %d bytes in %d", size, Math.max(0, bytes.length() - at));
        }
        contentStart = at;
        end = at + (int) size;
        return true;
    }

    public int type() {
        return bytes.get(start) >> 3 & 15;
    }

    /// With its header.
    public Payload unit() {
        return bytes.part(start, end - start);
    }

    /// Without its header.
    public Payload content() {
        return bytes.part(contentStart, end - contentStart);
    }
}
