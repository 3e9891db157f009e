package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.flv.FlvTag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoClipTest {
    private static DemoClip bundled() throws IOException {
        return DemoCommand.clip();
    }

    @Test
    void startsWithMetadataAndBothConfigurations() throws Exception {
        assertThat(bundled().headers())
                .extracting(FlvTag::type)
                .containsExactlyInAnyOrder(FlvTag.SCRIPT, FlvTag.VIDEO, FlvTag.AUDIO);
    }

    @Test
    void loopsWithoutASeam() throws Exception {
        var clip = bundled();
        var last = new HashMap<Integer, Long>();
        var count = new HashMap<Integer, Integer>();
        int loops = 3;
        for (long i = 0; i < 738L * loops; i++) {
            var frame = clip.frame(i);
            var before = last.put(frame.type(), frame.timestampMs());
            count.merge(frame.type(), 1, Integer::sum);
            if (before != null) {
                var distances = frame.type() == FlvTag.VIDEO ? new Long[] {33L, 34L} : new Long[] {21L, 22L};
                assertThat(frame.timestampMs() - before)
                        .as("%s at %d", frame.type(), i)
                        .isIn((Object[]) distances);
            }
        }
        assertThat(count).isEqualTo(Map.of(FlvTag.VIDEO, 288 * loops, FlvTag.AUDIO, 450 * loops));
    }

    @Test
    void beginsEachRoundWithAKeyFrame() throws Exception {
        var clip = bundled();
        for (long round = 0; round < 3; round++) {
            var first = clip.frame(738 * round);
            assertThat(first.timestampMs()).isEqualTo(9_600 * round);
        }
        assertThat(clip.frame(0).body()).isEqualTo(clip.frame(738).body());
        var firstVideo = clip.frame(0).type() == FlvTag.VIDEO ? clip.frame(0) : clip.frame(1);
        assertThat(firstVideo.body().get(0)).isEqualTo(0x17);
    }

    @Test
    void refusesWhatIsNoClip() throws Exception {
        assertThatThrownBy(() ->
                        DemoClip.read(new ByteArrayInputStream("GIF89a...".getBytes(StandardCharsets.US_ASCII)), 9_600))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not an FLV");
        assertThatThrownBy(() -> DemoClip.read(new ByteArrayInputStream(new byte[0]), 9_600))
                .isInstanceOf(IOException.class);
        try (var flv = DemoCommand.class.getResourceAsStream("/demo/demo.flv")) {
            assertThatThrownBy(() -> DemoClip.read(flv, 9_000)).hasMessageContaining("9000 ms");
        }
    }
}
