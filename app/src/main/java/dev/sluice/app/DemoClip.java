package dev.sluice.app;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvFileReader;
import dev.sluice.media.flv.FlvTag;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// A short FLV clip as an endless stream: the codec headers once, then its frames again and again on one clock
/// that never jumps.
final class DemoClip {
    private static final int MAX_TAG_BYTES = 1 << 20;
    private static final int CONFIGURATION = 0;
    private static final int END_OF_SEQUENCE = 2;

    private final List<FlvTag> headers;
    private final List<FlvTag> frames;
    private final long lengthMs;

    /// @param lengthMs after this the first frame comes again; must be what the tracks really last
    private DemoClip(List<FlvTag> headers, List<FlvTag> frames, long lengthMs) {
        this.headers = List.copyOf(headers);
        this.frames = List.copyOf(frames);
        this.lengthMs = lengthMs;
    }

    /// Reads a whole file.
    ///
    /// @throws IOException if it cannot be read, is no FLV, or holds no frame
    static DemoClip read(InputStream flv, long lengthMs) throws IOException {
        var headers = new ArrayList<FlvTag>();
        var frames = new ArrayList<FlvTag>();
        try {
            new FlvFileReader(MAX_TAG_BYTES)
                    .feed(Unpooled.wrappedBuffer(flv.readAllBytes()), tag -> sort(tag, headers, frames));
        } catch (Malformed e) {
            throw new IOException(e.getMessage(), e);
        }
        if (frames.isEmpty() || frames.getLast().timestampMs() >= lengthMs) {
            throw new IOException("the clip's frames do not fit its length of " + lengthMs + " ms");
        }
        return new DemoClip(headers, frames, lengthMs);
    }

    /// The second byte of an AVC or AAC body says what it is: 0 a configuration record, 1 a frame, 2 the end.
    private static void sort(FlvTag tag, List<FlvTag> headers, List<FlvTag> frames) {
        int packetType = tag.body().length() > 1 ? tag.body().get(1) : END_OF_SEQUENCE;
        if (tag.type() == FlvTag.SCRIPT || packetType == CONFIGURATION) {
            headers.add(tag);
        } else if (packetType != END_OF_SEQUENCE) {
            frames.add(tag);
        }
    }

    /// What a decoder needs before the first frame.
    List<FlvTag> headers() {
        return headers;
    }

    /// The frame at a place of the endless stream, counted from 0.
    Timed frame(long index) {
        var tag = frames.get((int) (index % frames.size()));
        return new Timed(tag.type(), tag.timestampMs() + index / frames.size() * lengthMs, tag.body());
    }

    /// @param timestampMs on the stream's clock; does not wrap
    record Timed(int type, long timestampMs, Payload body) {}
}
