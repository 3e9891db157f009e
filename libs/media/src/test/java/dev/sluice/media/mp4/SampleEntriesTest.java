package dev.sluice.media.mp4;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.codec.ac3.Ac3Config;
import dev.sluice.media.codec.ac3.Eac3Config;
import dev.sluice.media.codec.av1.Av1Config;
import dev.sluice.media.codec.flac.FlacConfig;
import dev.sluice.media.codec.h265.HevcConfig;
import dev.sluice.media.codec.h266.VvcConfig;
import dev.sluice.media.codec.mp3.Mp3Config;
import dev.sluice.media.codec.opus.OpusConfig;
import dev.sluice.media.codec.vpx.VpConfig;
import dev.sluice.media.codec.vpx.VpFrames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Configurations as FFmpeg 8.0.1 writes them; what the boxes must hold was worked out by hand from the clauses.
class SampleEntriesTest {
    private static final Payload HVCC =
            hex("0102200000009000000000003cf000fcfdfafa00000f03200001001840010c01ffff02200000030090000003"
                    + "000003003c959809210001002d42010102200000030090000003000003003ca00a080b9f6d96566924caf016"
                    + "a040412080000003008000000c8422000100074401c172b46240");
    private static final Payload AV1C = hex("81000c000a0b000000043cfecc02f80040");
    private static final Payload VPCC = hex("01000000000b820202020000");
    private static final String STREAMINFO = "120012000000000024150bb800f00000000000000000000000000000000000000000";

    @Test
    void hevcCarriesItsRecordAndTheColoursOfItsParameterSets() {
        var entry = entry(Codec.H265, HevcConfig.parse(HVCC));
        assertThat(entry.type()).isEqualTo("hvc1");
        assertThat(entry.content().part(24, 4)).as("320x180").isEqualTo(hex("014000b4"));
        var inside = visual(entry);
        assertThat(inside).extracting(Mp4Boxes::type).containsExactly("hvcC", "colr");
        assertThat(inside.getFirst().content()).isEqualTo(HVCC);
        assertThat(inside.getLast().content()).isEqualTo(hex("6e636c78 0002 0002 0009 00"));
    }

    @Test
    void av1CarriesItsRecord() {
        var entry = entry(Codec.AV1, Av1Config.parse(AV1C));
        assertThat(entry.type()).isEqualTo("av01");
        assertThat(visual(entry).getFirst().type()).isEqualTo("av1C");
        assertThat(visual(entry).getFirst().content()).isEqualTo(AV1C);
    }

    @Test
    void vp9CarriesItsRecordWithVersionAndFlagsOnce() {
        var entry = entry(Codec.VP9, VpConfig.parse(Codec.VP9, VPCC).withSize(new VpFrames.Size(320, 180)));
        assertThat(entry.type()).isEqualTo("vp09");
        assertThat(visual(entry)).singleElement().satisfies(box -> {
            assertThat(box.type()).isEqualTo("vpcC");
            assertThat(box.content()).isEqualTo(VPCC);
        });
    }

    @Test
    void opusTurnsTheNumbersOfItsHeadAround() {
        var head = hex("4f70757348656164 01 02 3801 80bb0000 feff 00");
        var entry = entry(Codec.OPUS, OpusConfig.parse(head));
        assertThat(entry.type()).isEqualTo("Opus");
        assertThat(sound(entry).type()).isEqualTo("dOps");
        assertThat(sound(entry).content()).isEqualTo(hex("00 02 0138 0000bb80 fffe 00"));
    }

    @Test
    void opusSurroundKeepsItsMapping() {
        var head = hex("4f70757348656164 01 06 3801 80bb0000 0000 01 0402 000401020305");
        assertThat(sound(entry(Codec.OPUS, OpusConfig.parse(head))).content())
                .isEqualTo(hex("00 06 0138 0000bb80 0000 01 0402 000401020305"));
    }

    @Test
    void flacCarriesItsStreaminfoAsTheLastBlock() {
        var entry = entry(Codec.FLAC, FlacConfig.parse(hex(STREAMINFO)));
        assertThat(entry.type()).isEqualTo("fLaC");
        assertThat(sound(entry).type()).isEqualTo("dfLa");
        assertThat(sound(entry).content()).isEqualTo(hex("00000000 80 000022" + STREAMINFO));
    }

    /// Chromium sets up its decoder by the entry, and shows nothing where that differs from STREAMINFO.
    @Test
    void flacSaysHowManyBitsASampleHas() {
        var of24 = STREAMINFO.replace("0bb800f0", "0bb80170");
        assertThat(sampleBits(STREAMINFO)).isEqualTo(hex("0010"));
        assertThat(sampleBits(of24)).isEqualTo(hex("0018"));
    }

    private static Payload sampleBits(String streamInfo) {
        return entry(Codec.FLAC, FlacConfig.parse(hex(streamInfo))).content().part(18, 2);
    }

    /// 48 kHz (0), bsid 8, bsmod 0, mono (1), no LFE, bit rate code 6: 00 01000 000 001 0 00110 00000.
    @Test
    void ac3SaysWhatItsFrameHeaderSays() {
        var entry = entry(Codec.AC3, Ac3Config.ofFrame(hex("0b77480d0c402f842bc1c77aaf5e1be7ef9f3e86")));
        assertThat(entry.type()).isEqualTo("ac-3");
        assertThat(sound(entry).type()).isEqualTo("dac3");
        assertThat(sound(entry).content()).isEqualTo(hex("1008c0"));
    }

    /// 96 kbit/s, one substream; 48 kHz (0), bsid 16, mono (1), no LFE, no dependent substream.
    @Test
    void eac3SaysWhatItsFrameHeaderSays() {
        var entry = entry(Codec.EAC3, Eac3Config.ofFrame(hex("0b7700bf3287c00021064060e3bd57af0df3f7cf")));
        assertThat(entry.type()).isEqualTo("ec-3");
        assertThat(sound(entry).type()).isEqualTo("dec3");
        assertThat(sound(entry).content()).isEqualTo(hex("0300 200200"));
    }

    @Test
    void mp3IsMpeg4AudioWithAnObjectTypeOfItsOwnAndNoConfiguration() {
        var entry = entry(Codec.MP3, Mp3Config.ofFrame(hex("fffb54c400000970532635a600015994287736d0"), 0x2e));
        assertThat(entry.type()).isEqualTo("mp4a");
        assertThat(sound(entry).type()).isEqualTo("esds");
        assertThat(sound(entry).content())
                .isEqualTo(hex("00000000 03 15 0000 00 04 0d 6b 15 000000 00000000 00000000 06 01 02"));
    }

    @Test
    void isNotCarriedBeforeItsConfigurationSaysEnough() {
        var unsized = VpConfig.parse(Codec.VP9, VPCC);
        assertThat(CmafMuxer.carries(new Track(0, Codec.VP9, unsized))).isFalse();
        assertThat(CmafMuxer.carries(new Track(0, Codec.VP9, unsized.withSize(new VpFrames.Size(320, 180)))))
                .isTrue();
        assertThat(CmafMuxer.carries(new Track(0, Codec.AV1, Av1Config.parse(hex("81000c00")))))
                .isFalse();
        assertThat(CmafMuxer.carries(new Track(0, Codec.H266, VvcConfig.parse(hex("fe00")))))
                .isFalse();
        assertThat(CmafMuxer.carries(new Track(0, Codec.SPEEX, new CodecConfig.Opaque(Payload.EMPTY))))
                .isFalse();
    }

    private static Mp4Boxes entry(Codec codec, CodecConfig config) {
        var init = CmafMuxer.init(List.of(new Track(0, codec, config)));
        var stsd = Mp4Boxes.find(Mp4Boxes.parse(init), "moov/trak/mdia/minf/stbl/stsd")
                .content();
        assertThat(stsd.part(0, 8)).as("one entry").isEqualTo(hex("0000000000000001"));
        var type = new String(stsd.part(12, 4).toArray(), StandardCharsets.ISO_8859_1);
        assertThat(Mp4Boxes.int32(stsd, 8)).as("size").isEqualTo(stsd.length() - 8);
        return new Mp4Boxes(type, 8, stsd.part(16, stsd.length() - 16), List.of());
    }

    private static List<Mp4Boxes> visual(Mp4Boxes entry) {
        return Mp4Boxes.parse(entry.content().part(78, entry.content().length() - 78));
    }

    private static Mp4Boxes sound(Mp4Boxes entry) {
        var inside = Mp4Boxes.parse(entry.content().part(28, entry.content().length() - 28));
        assertThat(inside).hasSize(1);
        return inside.getFirst();
    }
}
