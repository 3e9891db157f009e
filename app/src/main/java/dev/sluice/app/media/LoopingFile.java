package dev.sluice.app.media;

import dev.sluice.media.Malformed;
import dev.sluice.media.flv.FlvFileReader;
import dev.sluice.media.flv.FlvTag;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An FLV file as an endless stream on one clock that starts at zero and never jumps. The file is read again for each
/// pass, never held in memory.
final class LoopingFile {
    /// Takes one tag; may wait.
    interface Sink {
        /// @param timestampMs since the start of the first pass
        /// @return false to stop
        boolean take(FlvTag tag, long timestampMs) throws InterruptedException;
    }

    private static final int READ_BYTES = 64 << 10;
    private static final long USUAL_STEP_MS = 40;
    private static final int END_OF_SEQUENCE = 2;

    private final Path file;
    private final boolean once;
    private long passBeginsMs;
    private long firstMs = -1;
    private long newestMs;
    private long stepMs = USUAL_STEP_MS;

    /// @param once whether one pass is enough
    LoopingFile(Path file, boolean once) {
        this.file = file;
        this.once = once;
    }

    /// Reads until the sink has enough, or the end of the only pass.
    void run(Sink sink) throws MediaFailed, InterruptedException {
        for (int pass = 0; pass(pass, sink) && !once; pass++) {
            if (firstMs < 0) {
                throw new MediaFailed(file + " holds no audio and no video");
            }
            passBeginsMs += newestMs - firstMs + stepMs;
        }
    }

    private boolean pass(int number, Sink sink) throws MediaFailed, InterruptedException {
        var reader = new FlvFileReader(FlvTag.MAX_BODY_BYTES);
        var bytes = new byte[READ_BYTES];
        var tags = new java.util.ArrayDeque<FlvTag>();
        try (var in = Files.newInputStream(file)) {
            for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
                reader.feed(Unpooled.copiedBuffer(bytes, 0, length), tags::add);
                while (!tags.isEmpty()) {
                    var tag = tags.remove();
                    if (belongs(tag, number) && !sink.take(tag, placed(tag))) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IOException e) {
            throw new MediaFailed("cannot read the file " + file + ": " + e.getMessage());
        } catch (Malformed e) {
            throw new MediaFailed(file + ": " + e.getMessage());
        }
    }

    /// Metadata once is enough; the end of a pass is no end.
    private static boolean belongs(FlvTag tag, int pass) {
        if (tag.body().length() == 0 || (tag.type() == FlvTag.SCRIPT && pass > 0)) {
            return false;
        }
        int first = tag.body().get(0);
        boolean enhanced = (first & 0x80) != 0;
        boolean endMark = tag.type() == FlvTag.VIDEO
                && (enhanced
                        ? (first & 15) == END_OF_SEQUENCE
                        : (first & 15) == 7
                                && tag.body().length() > 1
                                && tag.body().get(1) == END_OF_SEQUENCE);
        return !endMark;
    }

    private long placed(FlvTag tag) {
        if (tag.type() == FlvTag.SCRIPT) {
            return passBeginsMs;
        }
        if (firstMs < 0) {
            firstMs = tag.timestampMs();
            newestMs = firstMs;
        }
        if (tag.timestampMs() > newestMs) {
            stepMs = Math.min(tag.timestampMs() - newestMs, USUAL_STEP_MS);
            newestMs = tag.timestampMs();
        }
        return passBeginsMs + Math.max(0, tag.timestampMs() - firstMs);
    }
}
