package dev.sluice.media.flv;

import dev.sluice.media.Entry;
import dev.sluice.media.Malformed;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Reads the bodies of script tags: a name, then values that are passed on unread.
///
/// Publishers wrap the name in `@setDataFrame`, which is an order to the server and not part of the data. Some
/// cameras put numbers in front of it.
///
/// @spec https://rtmp.veriskope.com/pdf/amf0-file-format-specification.pdf AMF0 §2
final class ScriptBodies {
    private static final int MAX_METADATA_BYTES = 64 * 1024;

    private static final int NUMBER = 0;
    private static final int BOOLEAN = 1;
    private static final int STRING = 2;
    private static final int NULL = 5;
    private static final int UNDEFINED = 6;
    private static final int DATE = 11;
    private static final int LONG_STRING = 12;

    private final DemuxState state;

    ScriptBodies(DemuxState state) {
        this.state = state;
    }

    void accept(long timestampMs, Payload body, Consumer<Entry> out) {
        if (body.length() > MAX_METADATA_BYTES) {
            throw Malformed.frame("metadata of %d bytes, at most %d are accepted", body.length(), MAX_METADATA_BYTES);
        }
        var in = new BitReader(body, "script tag");
        var name = nextString(in);
        if (name.equals("@clearDataFrame")) {
            state.ignored.count(Ignored.CLEARED_METADATA);
            return;
        }
        if (name.equals("@setDataFrame")) {
            name = nextString(in);
        }
        var value = in.bytes((int) (in.remainingBits() / 8));
        out.accept(new Metadata(state.clock.dataNs(timestampMs), name, value));
    }

    /// The next string; simple values in front of it are skipped.
    private static String nextString(BitReader in) {
        while (true) {
            int marker = in.bits(8);
            switch (marker) {
                case NUMBER -> in.skip(64);
                case BOOLEAN -> in.skip(8);
                case NULL, UNDEFINED -> {} // the marker is all
                case DATE -> in.skip(64 + 16);
                case STRING -> {
                    return utf8(in.bytes(in.bits(16)));
                }
                case LONG_STRING -> {
                    return utf8(in.bytes((int) Math.min(in.longBits(32), Integer.MAX_VALUE)));
                }
                default -> throw Malformed.frame("script tag: AMF0 marker %d where a name belongs", marker);
            }
        }
    }

    private static String utf8(Payload bytes) {
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }
}
