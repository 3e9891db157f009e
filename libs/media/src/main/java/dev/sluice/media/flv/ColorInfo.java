package dev.sluice.media.flv;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;

/// The values of a metadata packet: the name `colorInfo`, then an object. They are passed on unread, but for one
/// question.
///
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, Metadata Frame
final class ColorInfo {
    private static final int AMF0_STRING = 2;
    private static final int AMF0_OBJECT = 3;
    private static final int AMF0_NULL = 5;
    private static final int AMF0_UNDEFINED = 6;
    private static final int AMF0_ECMA_ARRAY = 8;
    private static final int OBJECT_END = 0x000009;

    private ColorInfo() {}

    /// Whether it takes back what was said before: undefined, null or an empty object.
    static boolean isReset(Payload values) {
        try {
            var in = new BitReader(values, "colorInfo");
            if (in.bits(8) != AMF0_STRING) {
                return false;
            }
            in.bytes(in.bits(16));
            return switch (in.bits(8)) {
                case AMF0_UNDEFINED, AMF0_NULL -> true;
                case AMF0_OBJECT -> in.bits(24) == OBJECT_END;
                case AMF0_ECMA_ARRAY -> {
                    in.skip(32); // a count that is only a hint
                    yield in.bits(24) == OBJECT_END;
                }
                default -> false;
            };
        } catch (Malformed endsEarly) {
            return false;
        }
    }
}
