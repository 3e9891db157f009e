package dev.sluice.media.flv;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;

/// The layout that H.264 bodies (and H.265 under codec id 12) share: packet type, composition time, content.
///
/// @param compositionNs presentation minus decode time, in nanoseconds; the field is a signed 24-bit number of ms
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4.3.2
record AvcPacket(Type type, long compositionNs, Payload content) {
    enum Type {
        CONFIGURATION,
        FRAME,
        END_OF_SEQUENCE
    }

    static final int HEADER_BYTES = 5;

    private static final long NS_PER_MS = 1_000_000;

    static AvcPacket parse(Payload body) {
        var in = new BitReader(body, "AVC video tag");
        in.skip(8);
        int packetType = in.bits(8);
        if (packetType == 2) {
            return new AvcPacket(Type.END_OF_SEQUENCE, 0, Payload.EMPTY); // some send it without the time
        }
        int compositionMs = in.bits(24) << 8 >> 8; // extends the sign
        var content = body.part(HEADER_BYTES, body.length() - HEADER_BYTES);
        return switch (packetType) {
            case 0 -> new AvcPacket(Type.CONFIGURATION, 0, content);
            case 1 -> new AvcPacket(Type.FRAME, compositionMs * NS_PER_MS, content);
            default -> throw Malformed.frame("AVC packet type %d", packetType);
        };
    }
}
