package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Frame;
import dev.sluice.media.Payload;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.flv.FlvDemuxer;
import dev.sluice.media.flv.FlvTag;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SyntheticStreamTest {
    private static final int RUN = 1234;
    private final SyntheticStream stream = new SyntheticStream(new LoadShape(1, 2_000, 30, 60), RUN);

    private static List<Frame> demuxed(List<FlvTag> tags) throws Exception {
        var frames = new ArrayList<Frame>();
        var demuxer = new FlvDemuxer(1);
        for (var tag : tags) {
            demuxer.accept(tag.type(), tag.timestampMs(), tag.body(), entry -> {
                if (entry instanceof Frame frame) {
                    frames.add(frame);
                }
            });
        }
        return frames;
    }

    @Test
    void aDemuxerUnderstandsItsHeadersAndFrames() throws Exception {
        var frames = demuxed(List.of(
                new FlvTag(FlvTag.VIDEO, 0, Payload.of(stream.videoHeader())),
                new FlvTag(FlvTag.AUDIO, 0, Payload.of(stream.audioHeader())),
                new FlvTag(FlvTag.VIDEO, 0, Payload.of(stream.video(1))),
                new FlvTag(FlvTag.AUDIO, 0, Payload.of(stream.audio(2))),
                new FlvTag(FlvTag.VIDEO, 33, Payload.of(stream.video(3)))));

        assertThat(frames).hasSize(3);
        assertThat(frames.get(0).isVideoKey()).isTrue();
        assertThat(frames.get(2).isVideoKey()).isFalse();
        assertThat(frames.get(0).track().config()).isInstanceOfSatisfying(VideoConfig.class, config -> {
            assertThat(config.width()).isEqualTo(1280);
            assertThat(config.height()).isEqualTo(720);
        });
    }

    @Test
    void keepsTheBitRate() {
        long bytes = 0;
        for (int i = 0; i < 60 * 20; i++) {
            bytes += stream.video(i).length;
        }

        assertThat(bytes * 8 / 40).isCloseTo(2_000_000, Percentage.withPercentage(1));
    }

    @Test
    void everySixtiethFrameIsAKeyFrame() {
        for (int i = 0; i < 180; i++) {
            boolean key = stream.video(i)[0] == 0x17;
            assertThat(key).isEqualTo(i % 60 == 0);
        }
    }

    @Test
    void framesAreDueAtTheirRate() {
        for (int i = 0; i < 300; i++) {
            stream.video(i);
            stream.audio(i);
        }

        assertThat(stream.nextVideoNs()).isEqualTo(10_000_000_000L);
        assertThat(stream.nextAudioNs()).isCloseTo(6_400_000_000L, Percentage.withPercentage(0.01));
        assertThat(stream.frames()).isEqualTo(600);
    }

    @Test
    void aMarkSaysNumberAndTimeAndKnowsItsFilling() {
        stream.video(0);
        var body = stream.video(987_654_321_012L);

        var mark = Mark.read(RUN, body, 11, body.length).orElseThrow();
        assertThat(mark).isEqualTo(new Mark(2, 987_654_321_012L));
        assertThat(mark.fills(body, 11, body.length)).isTrue();
        body[body.length - 1] ^= 1;
        assertThat(mark.fills(body, 11, body.length)).isFalse();
    }

    @Test
    void aMarkOfAnotherRunIsNone() {
        var body = stream.audio(5);

        assertThat(Mark.read(RUN + 1, body, 2, body.length)).isEmpty();
        assertThat(Mark.read(RUN, body, 2, 2 + Mark.BYTES - 1)).isEmpty();
        assertThat(Mark.read(RUN, body, 2, body.length)).isPresent();
    }

    @Test
    void nothingInAMarkLooksLikeAStartCode() {
        var body = stream.video(Long.MAX_VALUE >>> 7);

        for (int i = 11; i < body.length; i++) {
            assertThat(body[i]).isNegative();
        }
    }
}
