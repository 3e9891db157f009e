package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The comparison on which the other tests rest sees what it has to see.
class RecordingTest {
    private static final String HEADER = """
            #format: frame checksums
            #version: 2
            #extradata 0,                              45, c0ffee
            #tb 0: 1/1000
            #media_type 0: video
            """;
    private static final Recording SOURCE =
            video("0,0,66,33,10,aa", "0,33,33,33,10,bb", "0,66,99,33,10,cc", "0,99,132,33,10,dd");

    private static Recording video(String... packets) {
        return Recording.parse(HEADER + String.join("\n", packets));
    }

    @Test
    void findsTheTailAndHowFarItsTimesAreOff() {
        var match = video("0,1000,1000,33,10,bb", "0,1033,1066,33,10,cc", "0,1066,1100,33,10,dd")
                .isTailOf(SOURCE, "video");
        assertThat(match.firstPacket()).isEqualTo(1);
        assertThat(match.packets()).isEqualTo(3);
        assertThat(List.of(match.leastNs(), match.greatestNs())).containsExactly(967_000_000L, 968_000_000L);
    }

    @Test
    void numbersFurtherTracksOfATypeAndTakesAnEmptyPacketForNone() {
        var copy = Recording.parse(HEADER + """
                #tb 1: 1/1000
                #media_type 1: video
                1,0,0,0,0,ee
                1,40,40,33,10,ff
                """);
        assertThat(copy.tracks()).containsOnlyKeys("video", "video1");
        assertThat(copy.tracks().get("video1").packets())
                .containsExactly(new Recording.Packet(40_000_000, 40_000_000, "ff"));
    }

    @Test
    void readsOtherTimeBases() {
        var copy = Recording.parse(HEADER.replace("1/1000", "1/90000") + "0, 90090, 180000, 3000, 10, aa");
        assertThat(copy.video().packets()).containsExactly(new Recording.Packet(1_001_000_000L, 2_000_000_000L, "aa"));
    }

    @Test
    void seesAHole() {
        var copy = video("0,0,66,33,10,aa", "0,66,99,33,10,cc", "0,99,132,33,10,dd");
        assertThatThrownBy(() -> copy.isRunOf(SOURCE, "video")).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesAChangedBit() {
        var copy = video("0,0,66,33,10,aa", "0,33,33,33,10,b0");
        assertThatThrownBy(() -> copy.isRunOf(SOURCE, "video")).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesAMissingEnd() {
        var copy = video("0,0,66,33,10,aa", "0,33,33,33,10,bb", "0,66,99,33,10,cc");
        copy.isRunOf(SOURCE, "video");
        assertThatThrownBy(() -> copy.isTailOf(SOURCE, "video")).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesPacketsThatWereNeverSent() {
        var copy = video("0,66,99,33,10,cc", "0,99,132,33,10,dd", "0,132,165,33,10,ee");
        assertThatThrownBy(() -> copy.isRunOf(SOURCE, "video")).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesTimesThatStandStill() {
        var copy = video("0,0,66,33,10,aa", "0,0,33,33,10,bb");
        assertThatThrownBy(() -> copy.isRunOf(SOURCE, "video")).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesAnotherConfiguration() {
        var copy = Recording.parse(HEADER.replace("c0ffee", "decade") + "0,0,66,33,10,aa");
        assertThatThrownBy(() -> copy.isRunOf(SOURCE, "video")).isInstanceOf(AssertionError.class);
    }
}
