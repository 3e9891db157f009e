package dev.sluice.media.bits;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Payload;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.h265.HevcConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class NalPrefixTest {
    private static final List<Payload> SETS = List.of(hex("67 01 02"), hex("68 03"));
    private static final String SETS_AS_UNITS = "00000003 67 01 02 00000002 68 03";

    @Test
    void unitsComeFirst() {
        assertThat(insert("00000002 65 88")).isEqualTo(hex(SETS_AS_UNITS + "00000002 65 88"));
    }

    @Test
    void aDelimiterStaysInFront() {
        assertThat(insert("00000002 09 f0 00000002 65 88"))
                .isEqualTo(hex("00000002 09 f0" + SETS_AS_UNITS + "00000002 65 88"));
    }

    @Test
    void whatIsNoAccessUnitStaysAsItIs() {
        for (var broken : List.of("", "00", "00000002", "ffffffff 09 f0", "00000003 09 f0")) {
            assertThat(insert(broken)).isEqualTo(hex(SETS_AS_UNITS + broken));
        }
    }

    @Test
    void h264AndH265KnowTheirParameterSetsAndDelimiters() {
        var sps = "6764000bacd9828df93011000003000100000300320f14299a";
        var avc = AvcConfig.ofParameterSets(List.of(hex(sps)), List.of(hex("68e97b2c8b")));
        assertThat(avc.withParameterSets(hex("00000002 09 f0 00000001 65")))
                .isEqualTo(hex("00000002 09 f0 00000019" + sps + "00000005 68e97b2c8b 00000001 65"));
        var record = "01 01600000009000000000005d f000 fc fd f8 f8 0000 0f 03"
                + "200001 0003 400102 210001 0000 220001 0002 4401";
        var hevc = HevcConfig.parse(hex(record));
        assertThat(hevc.withParameterSets(hex("00000003 460150 00000002 2601")))
                .isEqualTo(hex("00000003 460150 00000003 400102 00000002 4401 00000002 2601"));
    }

    private static Payload insert(String accessUnit) {
        return NalPrefix.insert(SETS, header -> (header & 0x1f) == 9, hex(accessUnit));
    }
}
