package dev.sluice.app.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvFileWriter;
import dev.sluice.media.flv.FlvTag;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopingFileTest {
    @TempDir
    private Path folder;

    private Path file(FlvTag... tags) throws IOException {
        var out = Unpooled.buffer();
        FlvFileWriter.writeHeader(true, true, out);
        for (var tag : tags) {
            FlvFileWriter.writeTag(tag, out);
        }
        var bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return Files.write(folder.resolve("clip.flv"), bytes);
    }

    private static FlvTag tag(int type, long ms, int... body) {
        var bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return new FlvTag(type, ms, Payload.of(bytes));
    }

    private static List<Long> times(LoopingFile file, int most) throws Exception {
        var times = new ArrayList<Long>();
        file.run((tag, timestampMs) -> {
            times.add(timestampMs);
            return times.size() < most;
        });
        return times;
    }

    @Test
    void goesOnWithoutAJumpWhenTheFileBeginsAgain() throws Exception {
        var clip = file(
                tag(FlvTag.SCRIPT, 0, 2, 0, 1, 'x'),
                tag(FlvTag.VIDEO, 7_000, 0x17, 1, 1),
                tag(FlvTag.VIDEO, 7_033, 0x27, 1, 2),
                tag(FlvTag.VIDEO, 7_066, 0x27, 1, 3),
                tag(FlvTag.VIDEO, 7_066, 0x17, 2, 0));
        assertThat(times(new LoopingFile(clip, false), 8)).containsExactly(0L, 0L, 33L, 66L, 99L, 132L, 165L, 198L);
    }

    @Test
    void stopsAtTheEndIfOnceIsEnough() throws Exception {
        var clip = file(tag(FlvTag.AUDIO, 0, 0xaf, 1, 1), tag(FlvTag.AUDIO, 21, 0xaf, 1, 2));
        assertThat(times(new LoopingFile(clip, true), 100)).containsExactly(0L, 21L);
    }

    @Test
    void refusesAFileThatIsNoFlvOrHoldsNothing() throws Exception {
        var text = Files.writeString(folder.resolve("x.flv"), "hello, this is text");
        assertThatThrownBy(() -> times(new LoopingFile(text, false), 1))
                .isInstanceOf(MediaFailed.class)
                .hasMessageContaining("not an FLV file");
        var empty = file();
        assertThatThrownBy(() -> times(new LoopingFile(empty, false), 1))
                .isInstanceOf(MediaFailed.class)
                .hasMessageContaining("no audio and no video");
        assertThatThrownBy(() -> times(new LoopingFile(folder.resolve("none.flv"), false), 1))
                .isInstanceOf(MediaFailed.class)
                .hasMessageContaining("cannot read");
    }
}
