package dev.sluice.media.flv;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/// Reads an FLV file that arrives in pieces of any size. A file that ends in the middle of a tag is normal after
/// a crash: the tag is never reported, and that is all. Encrypted tags are skipped; the sizes that stand between
/// tags are not looked at, because too many files have them wrong. For one thread; of no use after a [Malformed].
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.2 to §E.4
public final class FlvFileReader {
    private static final int FILE_HEADER_BYTES = 9;
    private static final int TAG_HEADER_BYTES = 11;
    private static final int PREVIOUS_SIZE_BYTES = 4;
    private static final int SIGNATURE = 'F' << 16 | 'L' << 8 | 'V';

    private enum State {
        FILE_HEADER,
        TAG_HEADER,
        TAG_BODY
    }

    private final int maxBodyBytes;
    private State state = State.FILE_HEADER;
    private GrowingBytes filling = new GrowingBytes(FILE_HEADER_BYTES);
    private long skipBytes;
    private int tagType;
    private long timestampMs;

    /// @param maxBodyBytes the largest tag body to accept; a larger one ends the file
    public FlvFileReader(int maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    /// Reads all readable bytes and reports the tags they complete.
    ///
    /// @throws Malformed with scope STREAM when it is no FLV, or a tag is too large
    public void feed(ByteBuf in, Consumer<FlvTag> out) {
        while (skip(in) && filling.takeFrom(in)) {
            var complete = filling.payload();
            switch (state) {
                case FILE_HEADER -> onFileHeader(complete);
                case TAG_HEADER -> onTagHeader(complete);
                case TAG_BODY -> {
                    expectTag(PREVIOUS_SIZE_BYTES);
                    out.accept(new FlvTag(tagType, timestampMs, complete));
                }
            }
        }
    }

    private boolean skip(ByteBuf in) {
        int skipped = (int) Math.min(skipBytes, in.readableBytes());
        in.skipBytes(skipped);
        skipBytes -= skipped;
        return skipBytes == 0;
    }

    private void onFileHeader(Payload header) {
        var in = new BitReader(header, "FLV header");
        if (in.bits(24) != SIGNATURE) {
            throw Malformed.stream("not an FLV file: it starts with %s", header);
        }
        in.skip(16); // version, and flags that are often wrong
        long headerBytes = in.longBits(32);
        if (headerBytes < FILE_HEADER_BYTES) {
            throw Malformed.stream("FLV header of %d bytes", headerBytes);
        }
        expectTag(headerBytes - FILE_HEADER_BYTES + PREVIOUS_SIZE_BYTES);
    }

    private void onTagHeader(Payload header) {
        var in = new BitReader(header, "FLV tag header");
        in.skip(2);
        boolean encrypted = in.flag();
        tagType = in.bits(5);
        int bodyBytes = in.bits(24);
        timestampMs = in.bits(24) | in.longBits(8) << 24;
        if (encrypted) {
            expectTag((long) bodyBytes + PREVIOUS_SIZE_BYTES);
            return;
        }
        if (bodyBytes > maxBodyBytes) {
            throw Malformed.stream("FLV tag of %d bytes, at most %d are accepted", bodyBytes, maxBodyBytes);
        }
        state = State.TAG_BODY;
        filling = new GrowingBytes(bodyBytes);
    }

    private void expectTag(long afterBytes) {
        skipBytes = afterBytes;
        state = State.TAG_HEADER;
        filling = new GrowingBytes(TAG_HEADER_BYTES);
    }
}
