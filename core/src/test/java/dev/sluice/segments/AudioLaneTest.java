package dev.sluice.segments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Track;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How much silence is made.
final class AudioLaneTest {
    @ParameterizedTest(name = "{1} Hz")
    @CsvSource({
        "1014,     96000, 960",
        "1190,     48000, 1024",
        "1590,     8000,  1024",
        "16 10,    7350,  1024",
        "1310 56e598, 48000, 2048"
    })
    void fillsAHoleOfTenSecondsWholly(String asc, int hz, int frameSamples) {
        var track = SegmentRig.aac(asc.replace(" ", ""));
        assertThat(fillerFrames(track, 10L * hz)).isEqualTo(10 * hz / frameSamples);
    }

    @Test
    void fillsNoMoreThanTheLongestHoleThereCanBe() {
        long anHour = 3_600L * 48_000;
        assertThat(fillerFrames(SegmentRig.AUDIO, anHour)).isEqualTo(AudioLane.MAX_FILLER_FRAMES);
        assertThat(fillerFrames(SegmentRig.AUDIO, Long.MAX_VALUE / 2)).isEqualTo(AudioLane.MAX_FILLER_FRAMES);
    }

    private static int fillerFrames(Track track, long ticks) {
        return new AudioLane(track).filler(track, 0, ticks).size();
    }
}
