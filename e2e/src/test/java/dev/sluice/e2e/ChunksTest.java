package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the mutated sessions rest on: recordings are cut where their chunks begin.
class ChunksTest {
    private static final String HANDSHAKE = "03" + "00".repeat(2 * 1536);

    @Test
    void cutsWhereChunksBegin() {
        var chunks = List.of(
                "02000000 000004 01 00000000 00000040", // from now on 64 bytes
                "03000000 000050 14 00000000" + "aa".repeat(64),
                "c3" + "bb".repeat(16),
                "44000005 000003 08 010203",
                "84000005 040506",
                "c4 070809",
                "06ffffff 000042 09 01000000 01000000" + "cc".repeat(64),
                "c6 01000000 dddd");
        var pieces = Chunks.split(bytes(HANDSHAKE + String.join("", chunks)));
        assertThat(pieces.stream().skip(1).map(HexFormat.of()::formatHex))
                .containsExactlyElementsOf(
                        chunks.stream().map(chunk -> chunk.replace(" ", "")).toList());
    }

    @Test
    void keepsTheRestOfARecordingThatWasCutOff() {
        var recording = bytes(HANDSHAKE + "03000000 000050 14 00000000" + "aa".repeat(20));
        assertThat(Capture.joined(Chunks.split(recording))).isEqualTo(recording);
    }

    @Test
    void everySessionIsSpoiledDifferentlyAndTheSameAgainWithTheSameSeed() {
        var capture = new Capture(
                "made up",
                true,
                "x",
                IntStream.range(0, 50)
                        .mapToObj(i -> bytes("04000000 000004 09 01000000 170100" + "%02x".formatted(i)))
                        .toList());
        var sessions = IntStream.range(0, 300)
                .mapToObj(seed -> Mutation.spoil(capture, new Random(seed)))
                .toList();
        assertThat(sessions.stream().map(HexFormat.of()::formatHex).distinct().count())
                .isGreaterThan(250);
        assertThat(IntStream.range(0, 300).mapToObj(seed -> Mutation.spoil(capture, new Random(seed))))
                .containsExactlyElementsOf(sessions);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
