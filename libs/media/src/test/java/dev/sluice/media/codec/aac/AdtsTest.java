package dev.sluice.media.codec.aac;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdtsTest {
    @Test
    void takesTheHeaderOff() {
        assertThat(Adts.strip(hex("fff15080 015ffc 212223"))).isEqualTo(hex("212223")); // MPEG-4
        assertThat(Adts.strip(hex("fff95080 015ffc 212223"))).isEqualTo(hex("212223")); // MPEG-2
    }

    @Test
    void takesTheChecksumOffToo() {
        assertThat(Adts.strip(hex("fff05080 019ffc abcd 212223"))).isEqualTo(hex("212223"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ff",
                "fff15080015f", // too short
                "fff15080 013ffc 212223", // says 9 of 10 bytes
                "fff15080 017ffc 212223", // says 11
                "fff15080 015ffd 212223", // two frames in one
                "fff35080 015ffc 212223", // layer 2: MP3
                "211004 60 8c 1c 00"
            })
    void leavesEverythingElseAlone(String bytes) {
        var frame = hex(bytes);
        assertThat(Adts.strip(frame)).isSameAs(frame);
    }
}
