package dev.sluice.media.codec.aac;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Malformed;
import dev.sluice.media.bits.BitWriter;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AacConfigTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "LC in two bytes,                    1210,           44100, 2, 1024, mp4a.40.2",
        "FFmpeg 44.1 kHz stereo,             1210 56e500,    44100, 2, 1024, mp4a.40.2",
        "FFmpeg 48 kHz stereo,               1190 56e500,    48000, 2, 1024, mp4a.40.2",
        "FFmpeg 48 kHz 5.1,                  11b0 56e500,    48000, 6, 1024, mp4a.40.2",
        "FFmpeg 44.1 kHz mono,               1208 56e500,    44100, 1, 1024, mp4a.40.2",
        "48 kHz 7.1,                         11b8,           48000, 8, 1024, mp4a.40.2",
        "frames of 960,                      1194,           48000, 2, 960,  mp4a.40.2",
        "12 kHz mono,                        1488,           12000, 1, 1024, mp4a.40.2",
        "HE-AAC announced behind the core,   1310 56e598,    48000, 2, 2048, mp4a.40.5",
        "HE-AAC announced first,             2b11 8800,      48000, 2, 2048, mp4a.40.5",
        "HE-AAC v2 announced first,          eb09 8800,      48000, 2, 2048, mp4a.40.29",
        "HE-AAC v2 announced behind the core, 1308 56e59d4880, 48000, 2, 2048, mp4a.40.29"
    })
    void reads(String what, String bytes, int rate, int channels, int frameSamples, String name) {
        var config = AacConfig.parse(hex(bytes));
        assertThat(config.asc()).as(what).isEqualTo(hex(bytes));
        assertThat(config.sampleRate()).as(what).isEqualTo(rate);
        assertThat(config.channels()).as(what).isEqualTo(channels);
        assertThat(config.frameSamples()).as(what).isEqualTo(frameSamples);
        assertThat(config.codecString()).as(what).isEqualTo(name);
        assertThat(config.objectType()).as(what).isEqualTo(2);
    }

    @Test
    void readsFrequenciesOf24Bits() {
        var asc = new BitWriter()
                .bits(2, 5)
                .bits(15, 4)
                .bits(37_800, 24)
                .bits(1, 4)
                .bits(0, 3);
        assertThat(AacConfig.parse(asc.payload()).sampleRate()).isEqualTo(37_800);
    }

    @Test
    void readsEscapedObjectTypes() {
        var eld = new BitWriter()
                .bits(31, 5)
                .bits(39 - 32, 6)
                .bits(3, 4)
                .bits(1, 4)
                .flag(true)
                .bits(0, 4);
        var config = AacConfig.parse(eld.payload());
        assertThat(config.codecString()).isEqualTo("mp4a.40.39");
        assertThat(config.frameSamples()).isEqualTo(480);
    }

    @Test
    void countsTheChannelsOfAProgramConfigElement() {
        var asc = new BitWriter().bits(2, 5).bits(3, 4).bits(0, 4).bits(0, 3);
        asc.bits(0, 4).bits(1, 2).bits(3, 4); // tag, profile, frequency
        asc.bits(2, 4).bits(0, 4).bits(1, 4).bits(1, 2).bits(0, 3).bits(0, 4); // 2 front, 1 back, 1 low frequency
        asc.flag(false).flag(false).flag(true).bits(0, 3); // a matrix mixdown
        asc.flag(false).bits(0, 4).flag(true).bits(0, 4).flag(true).bits(1, 4).bits(0, 4);
        assertThat(AacConfig.parse(hex(asHex(asc) + "00")).channels()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "1690", "1780", "2b", "1700000000", "ff", "10 00"})
    void refusesWhatEndsEarlyOrIsReserved(String bytes) {
        assertThatThrownBy(() -> AacConfig.parse(hex(bytes))).isInstanceOf(Malformed.class);
    }

    @Test
    void isEqualByItsBytes() {
        assertThat(AacConfig.parse(hex("1210"))).isEqualTo(AacConfig.parse(hex("1210")));
        assertThat(AacConfig.parse(hex("1210"))).isNotEqualTo(AacConfig.parse(hex("121056e500")));
    }

    private static String asHex(BitWriter writer) {
        return HexFormat.of().formatHex(writer.payload().toArray());
    }
}
