package dev.sluice.app.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvTag;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StreamProbeTest {
    private static final String AVC_HEADER =
            "17000000000142c00affe100166742c00ad902c4ec0440000003004000000783c4899201000568cb83cb20";
    private static final String KEY = "17010000000000000365aabb";
    private static final String INTER = "27010000000000000341aabb";
    private static final long S_NS = 1_000_000_000L;

    private final StreamProbe probe = new StreamProbe();
    private long arrivedNs;

    private void video(long timestampMs, String body) {
        give(FlvTag.VIDEO, timestampMs, body);
    }

    private void audio(long timestampMs, String body) {
        give(FlvTag.AUDIO, timestampMs, body);
    }

    private void give(int type, long timestampMs, String body) {
        probe.onTag(new FlvTag(type, timestampMs, Payload.of(HexFormat.of().parseHex(body))), arrivedNs);
        arrivedNs += 1_000_000;
    }

    /// 25 frames per second with a key frame every `gop`.
    private void stream(long fromMs, int frames, int gop) {
        video(fromMs, AVC_HEADER);
        audio(fromMs, "af001190");
        for (int i = 0; i < frames; i++) {
            video(fromMs + i * 40L, i % gop == 0 ? KEY : INTER);
            audio(fromMs + i * 40L, "af012122");
        }
    }

    @Test
    void tellsTracksRatesAndKeyFrames() {
        stream(0, 126, 25);
        var report = probe.report("x");
        assertThat(report.tracks()).hasSize(2);
        var video = report.tracks().getFirst();
        assertThat(video.codec()).isEqualTo("H.264");
        assertThat(video.codecString()).isEqualTo("avc1.42c00a");
        assertThat(video.framesPerSecond()).isEqualTo(25);
        assertThat(video.gopSeconds()).isEqualTo(1);
        assertThat(video.longestGopFrames()).isEqualTo(25);
        assertThat(video.keyFrames()).isEqualTo(6);
        assertThat(video.bFrames()).isFalse();
        assertThat(report.tracks().getLast().sampleRateHz()).isEqualTo(48_000);
        assertThat(report.timestamps().get("video").any()).isFalse();
        assertThat(report.malformed()).isZero();
    }

    @Test
    void seesBFrames() {
        video(0, AVC_HEADER);
        video(0, KEY);
        video(40, "27010000500000000341aabb");
        assertThat(probe.report("x").tracks().getFirst().bFrames()).isTrue();
    }

    @Test
    void namesALongGopAndTheFix() {
        stream(0, 501, 250);
        assertThat(probe.report("x").findings())
                .anyMatch(finding -> finding.contains("up to 10.0 s apart") && finding.contains("interval to 2 s"));
    }

    @Test
    void namesAStreamWithoutKeyFrames() {
        video(0, AVC_HEADER);
        video(0, INTER);
        assertThat(probe.report("x").findings()).anyMatch(finding -> finding.startsWith("No key frame came"));
    }

    @Test
    void countsStepsBackEqualTimesJumpsAndWraps() {
        video(0, AVC_HEADER);
        for (long ms : new long[] {0xffff_fff0L, 0x10, 0x10, 0x08, 5_000, 5_040}) {
            video(ms, KEY);
        }
        var faults = probe.report("x").timestamps().get("video");
        assertThat(faults.wraps()).isEqualTo(1);
        assertThat(faults.equal()).isEqualTo(1);
        assertThat(faults.stepsBack()).isEqualTo(1);
        assertThat(faults.jumps()).isEqualTo(1);
        assertThat(faults.longestJumpMs()).isEqualTo(4_992);
        assertThat(probe.report("x").findings()).anyMatch(f -> f.contains("earlier than the one before"));
    }

    @Test
    void tellsHowFarAudioIsFromVideo() {
        video(0, AVC_HEADER);
        audio(0, "af001190");
        video(0, KEY);
        audio(900, "af012122");
        assertThat(probe.report("x").audioAfterVideoMs()).isEqualTo(900);
        assertThat(probe.report("x").findings()).anyMatch(f -> f.contains("900 ms after video"));
    }

    @Test
    void namesAClockThatIsOldAndMessagesThatAreBroken() {
        stream(93_600_000, 3, 3);
        video(93_601_000, "17");
        var report = probe.report("x");
        assertThat(report.malformed()).isEqualTo(1);
        assertThat(report.findings())
                .anyMatch(f -> f.contains("26.0 hours"))
                .anyMatch(f -> f.contains("break their format"));
    }

    @Test
    void measuresWhenTheFirstKeyFrameCame() {
        arrivedNs = S_NS;
        video(0, AVC_HEADER);
        video(0, INTER);
        video(40, KEY);
        var report = probe.report("x");
        assertThat(report.firstTagMs()).isEqualTo(1_000);
        assertThat(report.firstKeyFrameMs()).isEqualTo(1_002);
    }

    @Test
    void findsNothingWrongWithAGoodStream() {
        stream(0, 100, 50);
        assertThat(probe.report("x").findings())
                .filteredOn(finding -> !finding.contains("declares"))
                .isEmpty();
    }
}
