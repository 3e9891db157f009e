package dev.sluice.media.codec.aac;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
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

    @ParameterizedTest(name = "core {0} Hz, extension {1} Hz")
    @CsvSource({
        "1,     4194304",
        "1,     48000",
        "7349,  14698",
        "96001, 96001",
        "24000, 96001",
        "48000, 7349",
        "48000, 16777215",
        "44100, 48000", // frames of 1114 samples
        "7350,  96000"
    })
    void refusesRatesAndFrameLengthsThatAacDoesNotKnow(int coreHz, int extensionHz) {
        assertThatThrownBy(() -> AacConfig.parse(withBandReplication(coreHz, extensionHz)))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest(name = "core {0} Hz, extension {1} Hz")
    @CsvSource({"7350, 14700, 2048", "48000, 96000, 2048", "48000, 48000, 1024", "37800, 75600, 2048"})
    void readsRatesUpToTheLimits(int coreHz, int extensionHz, int frameSamples) {
        var config = AacConfig.parse(withBandReplication(coreHz, extensionHz));
        assertThat(config.sampleRate()).isEqualTo(extensionHz);
        assertThat(config.frameSamples()).isEqualTo(frameSamples);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1024, 1, 1023, 4096, Integer.MAX_VALUE})
    void isNeverMadeWithAnotherFrameLength(int frameSamples) {
        assertThatThrownBy(() -> new AacConfig(hex("1190"), 2, 48_000, 2, frameSamples, false, false))
                .isInstanceOf(Malformed.class);
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

    private static Payload withBandReplication(int coreHz, int extensionHz) {
        return new BitWriter()
                .bits(5, 5)
                .bits(15, 4)
                .bits(coreHz, 24)
                .bits(2, 4)
                .bits(15, 4)
                .bits(extensionHz, 24)
                .bits(2, 5)
                .bits(0, 3 + 3) // frames of 1024 and no extension; padding
                .payload();
    }

    private static String asHex(BitWriter writer) {
        return HexFormat.of().formatHex(writer.payload().toArray());
    }
}
