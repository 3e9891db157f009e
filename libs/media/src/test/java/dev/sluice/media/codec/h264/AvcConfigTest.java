package dev.sluice.media.codec.h264;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Malformed;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvcConfigTest {
    private static final String SPS = "6764000bacd9828df930110000030001000003003 20f14299a".replace(" ", "");
    private static final String PPS = "68e97b2c8b";
    /// From FFmpeg 5.1 with x264, High profile: with the extension at the end.
    private static final String FFMPEG = "01 64 00 0b ff e1 0019 " + SPS + " 01 0005 " + PPS + " fd f8 f8 00";

    @Test
    void readsWhatFfmpegWrites() {
        var config = AvcConfig.parse(hex(FFMPEG));
        assertThat(config.avcC()).isEqualTo(hex(FFMPEG));
        assertThat(config.lengthSize()).isEqualTo(4);
        assertThat(config.sps()).containsExactly(hex(SPS));
        assertThat(config.pps()).containsExactly(hex(PPS));
        assertThat(config.info().width()).isEqualTo(160);
        assertThat(config.info().height()).isEqualTo(90);
        assertThat(config.info().framesPerSecond()).isEqualTo(25);
        assertThat(config.codecString()).isEqualTo("avc1.64000b");
        assertThat(config.isComplete()).isTrue();
    }

    @Test
    void announcesFourByteLengthsWhateverCame() {
        var narrow = AvcConfig.parse(hex(FFMPEG.replace("0b ff", "0b fd")));
        assertThat(narrow.lengthSize()).isEqualTo(2);
        assertThat(narrow.avcC()).isEqualTo(hex(FFMPEG));
        assertThat(narrow).as("equal for a decoder").isEqualTo(AvcConfig.parse(hex(FFMPEG)));
    }

    @Test
    void acceptsRecordsWithoutParameterSets() {
        for (var record : List.of("01 42 c0 1e ff e0 00", "01 42 c0 1e ff e0", "01 42 c0 1e ff e1 0000 01 0000")) {
            var config = AvcConfig.parse(hex(record));
            assertThat(config.isComplete()).isFalse();
            assertThat(config.info().knowsSize()).isFalse();
            assertThat(config.info().profileIdc()).isEqualTo(66);
            assertThat(config.codecString()).isEqualTo("avc1.42c01e");
        }
    }

    @Test
    void buildsTheRecordThatFfmpegWritesFromItsParameterSets() {
        var built = AvcConfig.ofParameterSets(List.of(hex(SPS)), List.of(hex(PPS)));
        assertThat(built.avcC()).isEqualTo(hex(FFMPEG));
        assertThat(built).isEqualTo(AvcConfig.parse(hex(FFMPEG)));
    }

    @Test
    void buildsNoExtensionForBaseline() {
        var sps = "6742c00ad902c4ec0440000003004000000783c48992";
        var built = AvcConfig.ofParameterSets(List.of(hex(sps)), List.of(hex("68cb83cb20")));
        assertThat(built.avcC()).isEqualTo(hex("01 42 c0 0a ff e1 0016" + sps + "01 0005 68cb83cb20"));
    }

    @Test
    void refusesEveryTruncation() {
        var whole = hex(FFMPEG);
        int withoutExtension = whole.length() - 4;
        for (int length = 0; length < withoutExtension; length++) {
            var cut = whole.part(0, length);
            // ends where a count belongs: read as none
            if (length != 5 && length != 8 + 25) {
                assertThatThrownBy(() -> AvcConfig.parse(cut)).isInstanceOf(Malformed.class);
            }
        }
        assertThat(AvcConfig.parse(whole.part(0, withoutExtension)).isComplete())
                .isTrue();
    }

    @Test
    void refusesOtherVersions() {
        assertThatThrownBy(() -> AvcConfig.parse(hex("00 42 c0 1e ff e0 00")))
                .isInstanceOf(Malformed.class)
                .hasMessage("avcC of version 0");
    }
}
