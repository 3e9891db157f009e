package dev.sluice.media.codec.h264;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitWriter;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpsInfoTest {
    /// Made by x264 (core 164) from test pictures of these sizes and rates; ffprobe reads them the same.
    @ParameterizedTest
    @CsvSource({
        "1080p cropped from 1088 lines,  67640028acd940780227e5c044000003000400000300f03c60c658,     1920,1080,30,1,8",
        "4:2:2 of 10 bits at 60,         677a0020b6cd9405005bb011000003000100000300780f183196,        1280,720,60,2,10",
        "4:4:4 of odd size,              67f4000d919b282a33c7c5e022000003000200000300641e28532c,      322,182,25,3,8",
        "monochrome,                     6764001ef3650280f6c05b20000003002000000641e2c5b2c0,          640,480,25,0,8",
        "baseline,                       6742c00ad902c4ec0440000003004000000783c48992,                176,144,15,1,8",
        "interlaced,                     6764001eacd940b424d8088000000300800000190f8a14cb,            720,576,25,1,8",
        "interlaced and cropped with SAR, 6764001facd940b424fd6096a0204054a000007d20001d4c03e2c5b2c0, 720,572,29.97,1,8"
    })
    void readsWhatX264Writes(String what, String sps, int width, int height, double rate, int chroma, int depth) {
        var info = SpsInfo.parse(hex(sps));
        assertThat(info.width()).as(what).isEqualTo(width);
        assertThat(info.height()).as(what).isEqualTo(height);
        assertThat(info.framesPerSecond()).as(what).isEqualTo(rate, Offset.offset(0.001));
        assertThat(info.chromaFormat()).as(what).isEqualTo(chroma);
        assertThat(info.bitDepthLuma()).as(what).isEqualTo(depth);
        assertThat(info.bitDepthChroma()).as(what).isEqualTo(depth);
    }

    @Test
    void readsProfileConstraintsAndLevel() {
        var info = SpsInfo.parse(hex("6742c00ad902c4ec0440000003004000000783c48992"));
        assertThat(info.profileIdc()).isEqualTo(66);
        assertThat(info.constraints()).isEqualTo(0xc0);
        assertThat(info.levelIdc()).isEqualTo(10);
    }

    @Test
    void followsScalingListsThatEndEarly() {
        var out = start(100).ue(1).ue(0).ue(0).flag(false).flag(true); // 4:2:0, 8 bits, with matrices
        out.flag(true).se(-8); // the first scale becomes 0: the list ends here
        out.flag(false).flag(true);
        for (int i = 0; i < 16; i++) {
            out.se(i % 2 == 0 ? 120 : -120); // stays above 0 only when the sum is taken modulo 256
        }
        out.flag(false).flag(false).flag(false).flag(true);
        for (int i = 0; i < 64; i++) {
            out.se(1);
        }
        out.flag(false);
        var info =
                SpsInfo.parse(finish(out, 80, 45, true).flag(false).flag(false).payload());
        assertThat(info.width()).isEqualTo(1280);
        assertThat(info.height()).isEqualTo(720);
        assertThat(info.framesPerSecond()).isZero();
    }

    @Test
    void skipsPictureOrderOfType1() {
        var out = start(77)
                .ue(0)
                .ue(1)
                .flag(false)
                .se(-3)
                .se(4)
                .ue(3)
                .se(1)
                .se(-2)
                .se(300);
        out.ue(4).flag(false).ue(19).ue(14).flag(true).flag(true).flag(false).flag(false);
        assertThat(SpsInfo.parse(out.payload()).width()).isEqualTo(320);
    }

    @Test
    void refusesCroppingThatLeavesNothing() {
        var left = plain(2, 2).flag(true).ue(8).ue(8).ue(0).ue(0).flag(false).payload();
        assertThatThrownBy(() -> SpsInfo.parse(left))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("cropping");
        var huge = plain(2, 2)
                .flag(true)
                .ue(0)
                .ue(0)
                .ue(0xffff_fffeL)
                .ue(0xffff_fffeL)
                .flag(false)
                .payload();
        assertThatThrownBy(() -> SpsInfo.parse(huge))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("cropping");
    }

    @Test
    void refusesPicturesBeyond16384Pixels() {
        var atLimit = SpsInfo.parse(plain(1024, 1).flag(false).flag(false).payload());
        assertThat(atLimit.width()).isEqualTo(16384);
        var wide = plain(1025, 1).flag(false).flag(false).payload();
        assertThatThrownBy(() -> SpsInfo.parse(wide))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("16400×16");
        var overflowing = plain(0x8000_0000L, 1).flag(false).flag(false).payload();
        assertThatThrownBy(() -> SpsInfo.parse(overflowing)).isInstanceOf(Malformed.class);
    }

    @Test
    void forgivesDamagedUsabilityInformation() {
        var cut = plain(20, 15).flag(false).flag(true).flag(true).bits(255, 8).payload();
        var info = SpsInfo.parse(cut);
        assertThat(info.width()).isEqualTo(320);
        assertThat(info.framesPerSecond()).isZero();
    }

    @Test
    void believesNoPictureRateAboveAThousand() {
        var out = plain(20, 15)
                .flag(false)
                .flag(true)
                .flag(false)
                .flag(false)
                .flag(false)
                .flag(false);
        out.flag(true).bits(1, 32).bits(180_000, 32).flag(false);
        assertThat(SpsInfo.parse(withEmulationPrevention(out.payload())).framesPerSecond())
                .isZero();
    }

    @Test
    void refusesTruncatedAndForeignUnits() {
        var whole = hex("6742c00ad902c4ec0440000003004000000783c48992");
        for (int length = 0; length < 8; length++) {
            var cut = whole.part(0, length);
            assertThatThrownBy(() -> SpsInfo.parse(cut)).isInstanceOf(Malformed.class);
        }
        assertThatThrownBy(() -> SpsInfo.parse(hex("68cb83cb20"))).isInstanceOf(Malformed.class);
    }

    private static BitWriter start(int profileIdc) {
        return new BitWriter()
                .bits(0x67, 8)
                .bits(profileIdc, 8)
                .bits(0, 8)
                .bits(31, 8)
                .ue(0);
    }

    private static BitWriter finish(BitWriter out, long widthMbs, long heightMbs, boolean framesOnly) {
        out.ue(0).ue(0).ue(0).ue(4).flag(false);
        return out.ue(widthMbs - 1).ue(heightMbs - 1).flag(framesOnly).flag(true);
    }

    private static BitWriter plain(long widthMbs, long heightMbs) {
        return finish(start(77), widthMbs, heightMbs, true);
    }

    private static Payload withEmulationPrevention(Payload unit) {
        var out = new StringBuilder();
        int zeros = 0;
        for (int i = 0; i < unit.length(); i++) {
            if (zeros >= 2 && unit.get(i) <= 3) {
                out.append("03");
                zeros = 0;
            }
            zeros = unit.get(i) == 0 ? zeros + 1 : 0;
            out.append("%02x".formatted(unit.get(i)));
        }
        return hex(out.toString());
    }
}
