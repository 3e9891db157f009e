package dev.sluice.plugin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Codec;
import dev.sluice.media.flv.FlvDialect;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RtmpFormatsTest {
    private final RtmpFormats formats = new RtmpFormats(4_096);

    @Test
    void playersOfEqualDialectsShareOneFormat() {
        var one = formats.of(dialect(Codec.H265, false));
        assertThat(formats.of(dialect(Codec.H265, false))).isSameAs(one);
        assertThat(one).isEqualTo(RtmpFormat.ofAll(4_096, dialect(Codec.H265, false)));
    }

    @Test
    void anotherDialectIsAnotherFormat() {
        assertThat(formats.of(dialect(Codec.H265, true))).isNotEqualTo(formats.of(dialect(Codec.H265, false)));
    }

    @Test
    void keepsNoMoreThanAFewHoweverManyDialectsPlayersMakeUp() {
        var dialects = Arrays.stream(Codec.values())
                .flatMap(codec -> List.of(
                        dialect(codec, false),
                        dialect(codec, true),
                        new FlvDialect(Set.of(codec), false, true, false),
                        new FlvDialect(Set.of(codec), true, true, false))
                        .stream())
                .toList();
        long shared = dialects.stream().filter(this::isShared).count();
        assertThat(dialects.size()).isGreaterThan(32);
        assertThat(shared).isEqualTo(32);
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the same object is the question
    private boolean isShared(FlvDialect dialect) {
        var once = formats.of(dialect);
        var again = formats.of(dialect);
        assertThat(again).isEqualTo(once);
        return again == once;
    }

    private static FlvDialect dialect(Codec codec, boolean multitrack) {
        return new FlvDialect(Set.of(codec), multitrack, false, false);
    }
}
