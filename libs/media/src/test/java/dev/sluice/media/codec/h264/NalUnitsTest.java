package dev.sluice.media.codec.h264;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NalUnitsTest {
    private static final String NORMAL = "00000002 09f0 00000003 65aabb";

    @Test
    void leavesNormalAccessUnitsAlone() {
        var unit = hex(NORMAL);
        assertThat(NalUnits.normalise(unit, 4)).isSameAs(unit);
        var endOfSequence = hex("00000003 65aabb 00000001 0a");
        assertThat(NalUnits.normalise(endOfSequence, 4)).isSameAs(endOfSequence);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "lengths of one byte,                        1, 02 09f0 03 65aabb",
        "lengths of two bytes,                       2, 0002 09f0 0003 65aabb",
        "lengths of three bytes,                     3, 000002 09f0 000003 65aabb",
        "empty units,                                4, 00000000 00000002 09f0 00000000 00000003 65aabb 00000000",
        "empty units with short lengths,             2, 0000 0002 09f0 0000 0003 65aabb",
        "zeros at the end,                           4, 00000002 09f0 00000003 65aabb 0000",
        "a start code inside a unit,                 4, 00000002 09f0 00000007 00000001 65aabb",
        "a short start code inside a unit,           4, 00000002 09f0 00000006 000001 65aabb",
        "several start codes behind one length,      4, 0000000d 00000001 09f0 00000001 65aabb",
        "Annex B with long start codes,              4, 00000001 09f0 00000001 65aabb",
        "Annex B with short start codes,             4, 000001 09f0 000001 65aabb",
        "Annex B with zeros before and after,        4, 00000001 09f0 0000 00000001 65aabb 000000",
        "Annex B in a stream of two-byte lengths,    2, 00000001 09f0 00000001 65aabb",
        "Annex B in a stream of one-byte lengths,    1, 00000001 09f0 00000001 65aabb",
        "Annex B with an empty unit,                 4, 00000001 00000001 09f0 000001 65aabb"
    })
    void repairs(String what, int lengthSize, String bytes) {
        assertThat(NalUnits.normalise(hex(bytes), lengthSize)).as(what).isEqualTo(hex(NORMAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "00", "00000000", "000000000000000000000000", "00000004 00000001", "00000001", "000001"})
    void showsThatThereIsNoUnit(String bytes) {
        assertThat(NalUnits.normalise(hex(bytes), 4)).isSameAs(Payload.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000004 65aabb",
                "ffffffff 65",
                "7fffffff 65",
                "00000003 65aabb 00000001",
                "00000003 65aabb 01",
                "65aabbccdd"
            })
    void refusesLengthsThatLeadPastTheEnd(String bytes) {
        assertThatThrownBy(() -> NalUnits.normalise(hex(bytes), 4)).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesMoreUnitsThanAPictureCanHave() {
        var flood = hex("02 09f0".repeat(4097));
        assertThatThrownBy(() -> NalUnits.normalise(flood, 1)).isInstanceOf(Malformed.class);
        assertThat(NalUnits.normalise(flood.part(0, 3 * 4096), 1).length()).isEqualTo(6 * 4096);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "IDR flagged as key,                   true,  KEY,        00000003 65aabb",
        "IDR not flagged,                      false, KEY,        00000002 09f0 00000002 67aa 00000002 68aa 00000003 65aabb",
        "recovery point flagged as key,        true,  KEY,        00000004 06060180 00000003 41aabb",
        "recovery point not flagged,           false, INTER,      00000004 06060180 00000003 41aabb",
        "recovery point behind other messages, true,  KEY,        0000000a 06 0002aabb 060280aa80 00000002 41aa",
        "another message only,                 true,  INTER,      00000008 06 05040606060680 00000002 41aa",
        "a long message with extended size,    true,  INTER,      00000006 06 ffff050006 00000002 41aa",
        "flagged without recovery point,       true,  INTER,      00000003 61aabb",
        "referenced slice,                     false, INTER,      00000003 41aabb",
        "slices nobody refers to,              false, DISPOSABLE, 00000003 01aabb 00000003 01ccdd",
        "one slice referred to,                false, INTER,      00000003 01aabb 00000003 21ccdd",
        "data partitions nobody refers to,     false, DISPOSABLE, 00000003 02aabb 00000003 03ccdd",
        "no slice at all,                      true,  INTER,      00000002 67aa 00000002 68aa"
    })
    void judgesByTheUnits(String what, boolean flaggedKey, FrameKind kind, String bytes) {
        assertThat(NalUnits.kindOf(hex(bytes), flaggedKey)).as(what).isEqualTo(kind);
    }

    @Test
    void findsUnitsByTypeOnceEach() {
        var unit = hex("00000002 67aa 00000002 68aa 00000002 68aa 00000002 68bb 00000002 65cc");
        assertThat(NalUnits.ofType(unit, NalUnits.TYPE_SPS)).containsExactly(hex("67aa"));
        assertThat(NalUnits.ofType(unit, NalUnits.TYPE_PPS)).containsExactly(hex("68aa"), hex("68bb"));
    }

    @Test
    void whateverItNormalisesIsNormalAfterwards() {
        var random = new Random(7);
        int accepted = 0;
        for (int round = 0; round < 50_000; round++) {
            var bytes = new byte[random.nextInt(24)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(3));
            }
            try {
                var normal = NalUnits.normalise(Payload.of(bytes), 1 + round % 4);
                if (normal.length() > 0) {
                    accepted++;
                    assertThat(NalUnits.normalise(normal, 4)).isSameAs(normal);
                    assertThat(NalUnits.kindOf(normal, true)).isNotEqualTo(FrameKind.COMMAND);
                }
            } catch (Malformed expected) {
                assertThat(expected.scope()).isEqualTo(Malformed.Scope.FRAME);
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }
}
