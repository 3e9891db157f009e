package dev.sluice.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Codec;
import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.codec.ac3.Ac3Config;
import dev.sluice.media.codec.ac3.Eac3Config;
import dev.sluice.media.codec.av1.Av1Config;
import dev.sluice.media.codec.av1.Obus;
import dev.sluice.media.codec.flac.FlacConfig;
import dev.sluice.media.codec.h265.HevcConfig;
import dev.sluice.media.codec.h266.VvcConfig;
import dev.sluice.media.codec.mp3.Mp3Config;
import dev.sluice.media.codec.opus.OpusConfig;
import dev.sluice.media.codec.vpx.VpConfig;
import dev.sluice.media.codec.vpx.VpFrames;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Configurations and frames as FFmpeg 8.0.1 writes them: 320×180, 25 pictures per second, 48 kHz.
class EnhancedConfigsTest {
    private static final String HVCC =
            "0102200000009000000000003cf000fcfdfafa00000f03200001001840010c01ffff02200000030090000003"
                    + "000003003c959809210001002d42010102200000030090000003000003003ca00a080b9f6d96566924caf016"
                    + "a040412080000003008000000c8422000100074401c172b46240";
    private static final String AV1C = "81000c000a0b000000043cfecc02f80040";
    private static final String VPCC = "01000000000b820202020000";
    private static final String STREAMINFO = "120012000000000024150bb800f00000000000000000000000000000000000000000";
    private static final String OPUS_HEAD = "4f707573486561640102380180bb0000000000";
    private static final String AC3 = "0b77480d0c402f842bc1c77aaf5e1be7ef9f3e86";
    private static final String EAC3 = "0b7700bf3287c00021064060e3bd57af0df3f7cf";
    private static final String MP3 = "fffb54c400000970532635a600015994287736d0";

    private static Payload hex(String hex) {
        return Payload.of(HexFormat.of().parseHex(hex));
    }

    @Test
    void readsATenBitHevcRecord() {
        var config = HevcConfig.parse(hex(HVCC));
        assertThat(config.width()).isEqualTo(320);
        assertThat(config.height()).isEqualTo(180);
        assertThat(config.framesPerSecond()).isEqualTo(25);
        assertThat(config.colour()).isEqualTo(new Colour(2, 2, 9, false));
        assertThat(config.info().bitDepthLuma()).isEqualTo(10);
        assertThat(config.codecString()).isEqualTo("hvc1.2.4.L60.90");
        assertThat(config.isComplete()).isTrue();
        assertThat(config.record()).isEqualTo(hex(HVCC));
    }

    @Test
    void buildsTheSameHevcConfigurationFromParameterSets() {
        var sent = HevcConfig.parse(hex(HVCC));
        var built = HevcConfig.ofParameterSets(sent.vps(), sent.sps(), sent.pps());
        var read = HevcConfig.parse(built.record());
        assertThat(read.info()).isEqualTo(sent.info());
        assertThat(read.codecString()).isEqualTo(sent.codecString());
        assertThat(List.of(read.vps(), read.sps(), read.pps())).isEqualTo(List.of(sent.vps(), sent.sps(), sent.pps()));
    }

    @Test
    void hevcRecordsAlwaysAnnounceFourByteLengths() {
        var shorter = hex(HVCC).toArray();
        shorter[21] = (byte) (shorter[21] & 0xfc | 1);
        var config = HevcConfig.parse(Payload.of(shorter));
        assertThat(config.lengthSize()).isEqualTo(2);
        assertThat(config.record()).isEqualTo(hex(HVCC));
    }

    @Test
    void readsAnAv1RecordWithItsSequenceHeader() {
        var config = Av1Config.parse(hex(AV1C));
        assertThat(config.width()).isEqualTo(320);
        assertThat(config.height()).isEqualTo(180);
        assertThat(config.codecString()).isEqualTo("av01.0.00M.08");
        assertThat(config.isComplete()).isTrue();
        assertThat(Av1Config.parse(hex("81000c00")).isComplete()).isFalse();
    }

    @Test
    void walksTheUnitsOfAnAv1Frame() {
        var obus = new Obus(hex("12000a0b000000043cfecc6af980403203aabbcc"));
        assertThat(obus.next()).isTrue();
        assertThat(obus.type()).isEqualTo(Obus.TEMPORAL_DELIMITER);
        assertThat(obus.next()).isTrue();
        assertThat(obus.type()).isEqualTo(Obus.SEQUENCE_HEADER);
        assertThat(obus.content().length()).isEqualTo(11);
        assertThat(obus.next()).isTrue();
        assertThat(obus.type()).isEqualTo(Obus.FRAME);
        assertThat(obus.unit()).isEqualTo(hex("3203aabbcc"));
        assertThat(obus.next()).isFalse();
    }

    @Test
    void readsAVp9RecordWithAndWithoutTheBoxHeader() {
        var config = VpConfig.parse(Codec.VP9, hex(VPCC));
        assertThat(config.codecString()).isEqualTo("vp09.00.11.08");
        assertThat(config.colour()).isEqualTo(Colour.UNKNOWN);
        assertThat(VpConfig.parse(Codec.VP9, hex(VPCC.substring(8)))).isEqualTo(config);
        assertThat(config.isComplete()).isFalse();
    }

    @Test
    void findsThePictureSizeInVp9AndVp8KeyFrames() {
        var size = new VpFrames.Size(320, 180);
        assertThat(VpFrames.keyFrameSize(Codec.VP9, hex("824983420013f00b360438241c184a")))
                .contains(size);
        assertThat(VpFrames.keyFrameSize(Codec.VP9, hex("86004092f0e14000004c7fd3f91b1a")))
                .isEmpty();
        assertThat(VpFrames.keyFrameSize(Codec.VP8, hex("5042009d012a4001b4000047")))
                .contains(size);
        assertThat(VpFrames.keyFrameSize(Codec.VP8, hex("5142009d012a4001b4000047")))
                .isEmpty();
        var config = VpConfig.parse(Codec.VP9, hex(VPCC)).withSize(size);
        assertThat(config.width()).isEqualTo(320);
        assertThat(config.isComplete()).isTrue();
    }

    @Test
    void readsAnOpusHeadWithItsLittleEndianNumbers() {
        var config = OpusConfig.parse(hex(OPUS_HEAD));
        assertThat(config.channels()).isEqualTo(2);
        assertThat(config.preSkip()).isEqualTo(312);
        assertThat(config.inputRate()).isEqualTo(48_000);
        assertThat(config.sampleRate()).isEqualTo(48_000);
        assertThat(OpusConfig.ofChannels(2)).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource({"fcb4, 960", "00, 480", "18, 2880", "60, 480", "68, 960", "80, 120", "f9, 1920", "fb03, 2880", "fb, 0"})
    void knowsHowLongAnOpusPacketIs(String packet, int samples) {
        assertThat(OpusConfig.parse(hex(OPUS_HEAD)).samplesIn(hex(packet))).isEqualTo(samples);
    }

    @ParameterizedTest
    @CsvSource({"''", "80000022", "664c614380000022"})
    void readsStreaminfoInAllItsForms(String before) {
        var config = FlacConfig.parse(hex(before + STREAMINFO));
        assertThat(config.sampleRate()).isEqualTo(48_000);
        assertThat(config.channels()).isEqualTo(1);
        assertThat(config.bitsPerSample()).isEqualTo(16);
        assertThat(config.blockSamples()).isEqualTo(4608);
        assertThat(config.record()).isEqualTo(hex(STREAMINFO));
    }

    @ParameterizedTest
    @CsvSource({
        "fff85a0800814e, 4608",
        "fff8ca0800814e, 4096",
        "fff86a080005ff, 6",
        "fff87a080012ff, 4864",
        "0000, 4608"
    })
    void knowsHowLongAFlacFrameIs(String frame, int samples) {
        assertThat(FlacConfig.parse(hex(STREAMINFO)).samplesIn(hex(frame))).isEqualTo(samples);
    }

    @Test
    void readsAc3FromItsFrames() {
        var config = Ac3Config.ofFrame(hex(AC3));
        assertThat(config.sampleRate()).isEqualTo(48_000);
        assertThat(config.channels()).isEqualTo(1);
        assertThat(config.samplesIn(hex(AC3))).isEqualTo(1536);
        assertThat(config.record()).isEqualTo(Payload.EMPTY);
    }

    @Test
    void readsEac3FromItsFrames() {
        var config = Eac3Config.ofFrame(hex(EAC3));
        assertThat(config.sampleRate()).isEqualTo(48_000);
        assertThat(config.channels()).isEqualTo(1);
        assertThat(config.dataRate()).isEqualTo(96);
        assertThat(config.samplesIn(hex(EAC3))).isEqualTo(1536);
    }

    @Test
    void readsMp3FromItsFrames() {
        var config = Mp3Config.ofFrame(hex(MP3), 0x2e);
        assertThat(config.sampleRate()).isEqualTo(48_000);
        assertThat(config.channels()).isEqualTo(1);
        assertThat(config.samplesIn(hex(MP3))).isEqualTo(1152);
        assertThat(config.flvHeader()).isEqualTo(0x2e);
    }

    @ParameterizedTest
    @CsvSource({"f8, 1", "fa, 2", "fe, 4"})
    void vvcRecordsAlwaysAnnounceFourByteLengths(String first, int lengthSize) {
        var config = VvcConfig.parse(hex(first + "00"));
        assertThat(config.lengthSize()).isEqualTo(lengthSize);
        assertThat(config.record().get(0) >> 1 & 3).isEqualTo(3);
    }

    enum Parser {
        HEVC(HVCC, HevcConfig::parse),
        AV1(AV1C, Av1Config::parse),
        VP9(VPCC, bytes -> VpConfig.parse(Codec.VP9, bytes)),
        OPUS(OPUS_HEAD, OpusConfig::parse),
        FLAC(STREAMINFO, FlacConfig::parse),
        AC3_FRAME(AC3, Ac3Config::ofFrame),
        EAC3_FRAME(EAC3, Eac3Config::ofFrame),
        MP3_FRAME(MP3, bytes -> Mp3Config.ofFrame(bytes, 0x2f));

        private final Payload whole;
        private final Function<Payload, ?> parse;

        Parser(String hex, Function<Payload, ?> parse) {
            this.whole = hex(hex);
            this.parse = parse;
        }
    }

    /// Whatever the bytes, the answer is a configuration whose methods work, or [Malformed].
    @ParameterizedTest
    @EnumSource
    void cutOrDamagedBytesAreMalformedAndNothingElse(Parser parser) {
        for (int length = 0; length < parser.whole.length(); length++) {
            survives(parser, parser.whole.part(0, length));
        }
        for (int bit = 0; bit < 8 * parser.whole.length(); bit++) {
            var damaged = parser.whole.toArray();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            survives(parser, Payload.of(damaged));
        }
    }

    private static void survives(Parser parser, Payload bytes) {
        try {
            var config = parser.parse.apply(bytes);
            assertThat(config).isEqualTo(parser.parse.apply(bytes)).hasSameHashCodeAs(parser.parse.apply(bytes));
            if (config instanceof AudioConfig audio) {
                assertThat(audio.sampleRate()).isPositive();
                assertThat(audio.samplesIn(bytes)).isNotNegative();
            }
        } catch (Malformed expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }

    @Test
    void emptyBytesAreNoConfiguration() {
        for (var parser : Parser.values()) {
            assertThatThrownBy(() -> parser.parse.apply(Payload.EMPTY))
                    .as("%s", parser)
                    .isInstanceOf(Malformed.class);
        }
    }
}
