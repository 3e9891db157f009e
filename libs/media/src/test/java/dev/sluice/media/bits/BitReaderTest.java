package dev.sluice.media.bits;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Malformed;
import org.junit.jupiter.api.Test;

class BitReaderTest {
    @Test
    void readsNumbersAcrossByteBoundaries() {
        var in = new BitReader(hex("a5 c3 0f 12 34 56 78 9a"), "test");
        assertThat(in.bits(3)).isEqualTo(0b101);
        assertThat(in.bits(7)).isEqualTo(0b00101_11);
        assertThat(in.longBits(33)).isEqualTo(0xa5c3_0f12_3456_789aL >>> 21 & 0x1_ffff_ffffL);
        assertThat(in.remainingBits()).isEqualTo(64 - 43);
    }

    @Test
    void readsNothingFromZeroBits() {
        assertThat(new BitReader(hex(""), "test").bits(0)).isZero();
    }

    @Test
    void readsExpGolombCodes() {
        var in = new BitReader(
                new BitWriter().ue(0).ue(1).ue(2).ue(3).ue(254).ue(0xffff_fffeL).payload(), "test");
        assertThat(new long[] {in.ue(), in.ue(), in.ue(), in.ue(), in.ue(), in.ue()})
                .containsExactly(0, 1, 2, 3, 254, 0xffff_fffeL);
    }

    @Test
    void readsSignedExpGolombCodes() {
        var in = new BitReader(
                new BitWriter().se(0).se(1).se(-1).se(2).se(-2).se(-70000).payload(), "test");
        assertThat(new long[] {in.se(), in.se(), in.se(), in.se(), in.se(), in.se()})
                .containsExactly(0, 1, -1, 2, -2, -70000);
    }

    @Test
    void refusesMoreThan32LeadingZeros() {
        var with32 =
                new BitReader(new BitWriter().bits(0, 32).bits(1, 1).bits(0, 32).payload(), "test");
        assertThat(with32.ue()).isEqualTo(0xffff_ffffL);
        var with33 =
                new BitReader(new BitWriter().bits(0, 33).bits(1, 1).bits(0, 62).payload(), "test");
        assertThatThrownBy(with33::ue).isInstanceOf(Malformed.class).hasMessageContaining("32 leading zeros");
    }

    @Test
    void refusesValuesAboveTheirLimitByName() {
        var in = new BitReader(new BitWriter().ue(4).payload(), "SPS");
        assertThatThrownBy(() -> in.ue(3, "chroma_format_idc"))
                .isInstanceOf(Malformed.class)
                .hasMessage("SPS: chroma_format_idc is 4, at most 3 is allowed");
    }

    @Test
    void saysWhatEndedTooEarly() {
        var in = new BitReader(hex("ff"), "avcC");
        in.bits(6);
        assertThatThrownBy(() -> in.bits(5)).isInstanceOf(Malformed.class).hasMessage("avcC ends 3 bits too early");
        assertThatThrownBy(() -> in.skip(1L << 40)).isInstanceOf(Malformed.class);
        assertThat(in.bits(2)).as("a refused read takes nothing").isEqualTo(3);
    }

    @Test
    void sharesWholeBytesOnByteBoundariesOnly() {
        var in = new BitReader(hex("01 02 03 04"), "test");
        in.bits(4);
        assertThatThrownBy(() -> in.bytes(1)).isInstanceOf(IllegalStateException.class);
        in.align();
        assertThat(in.bytes(2)).isEqualTo(hex("02 03"));
        assertThatThrownBy(() -> in.bytes(2)).isInstanceOf(Malformed.class);
    }
}
