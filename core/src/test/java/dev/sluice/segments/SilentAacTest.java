package dev.sluice.segments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Payload;
import dev.sluice.media.codec.aac.AacConfig;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SilentAacTest {
    @Test
    void writesOneElementForEachLoudspeakerGroup() {
        // 000 0000 00000000 00000000000 000 111, filled up to bytes
        assertThat(silence("1188")).contains(hex("00000007"));
        // 001 0000 1 00000000000 00 00000000 000 00000000 000 111
        assertThat(silence("1190")).contains(hex("21000000001c"));
    }

    @Test
    void saysNothingForOtherKindsOfAac() {
        assertThat(silence("2190")).isEmpty(); // long term prediction
        assertThat(silence("11b8")).isPresent(); // 7.1
    }

    private static Optional<Payload> silence(String asc) {
        return SilentAac.frame(AacConfig.parse(hex(asc)));
    }

    private static Payload hex(String bytes) {
        return Payload.of(HexFormat.of().parseHex(bytes));
    }
}
