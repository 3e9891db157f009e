package dev.sluice.rtmp.amf;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;

/// What one message has cost so far. References cost what they stand for, so that whoever walks the values later, or
/// writes them, meets no more than this, however the message was built.
final class AmfBudget {
    private final RtmpLimits.Amf limits;
    private int values;
    private long repeatedBytes;

    AmfBudget(RtmpLimits.Amf limits) {
        this.limits = limits;
    }

    /// One value more.
    ///
    /// @param depth 1 for a value that stands in no other
    void value(int depth) {
        values(1);
        depth(depth);
    }

    /// A value once more.
    ///
    /// @param depth where it stands
    Measured again(Measured target, int depth) {
        values(target.values());
        depth(depth + target.levels() - 1);
        repeated(target.bytes());
        return target;
    }

    void values(int more) {
        values += more;
        if (values > limits.values()) {
            throw RtmpException.limit(Limit.AMF_VALUES, "More than %d AMF values in a message.", limits.values());
        }
    }

    private void depth(int depth) {
        if (depth > limits.depth()) {
            throw RtmpException.limit(Limit.AMF_DEPTH, "AMF values more than %d levels deep.", limits.depth());
        }
    }

    /// Text and bytes that stand on the wire once and in the result once more.
    void repeated(int bytes) {
        repeatedBytes += bytes;
        if (repeatedBytes > limits.dataStringBytes()) {
            throw RtmpException.limit(
                    Limit.AMF_STRING_BYTES,
                    "References to more than %d bytes of AMF strings.",
                    limits.dataStringBytes());
        }
    }

    /// A count that an array declares.
    int items(int declared) {
        if (declared < 0 || declared > limits.arrayItems()) {
            throw RtmpException.limit(
                    Limit.AMF_ARRAY_ITEMS, "An AMF array of more than %d items.", limits.arrayItems());
        }
        return declared;
    }

    void properties(int count) {
        if (count > limits.properties()) {
            throw RtmpException.limit(
                    Limit.AMF_PROPERTIES, "An AMF object of more than %d properties.", limits.properties());
        }
    }

    int keyBytes() {
        return limits.keyBytes();
    }
}
