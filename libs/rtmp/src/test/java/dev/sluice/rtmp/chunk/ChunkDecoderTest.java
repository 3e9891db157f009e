package dev.sluice.rtmp.chunk;

import static dev.sluice.rtmp.Hex.bytes;
import static dev.sluice.rtmp.Hex.join;
import static dev.sluice.rtmp.Hex.repeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.Split;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkDecoderTest {
    private static final String CHUNK_SIZE_4 = "02 000000 000004 01 00000000 00000004";

    private static ChunkDecoder admitted() {
        ChunkDecoder decoder = new ChunkDecoder(RtmpLimits.DEFAULTS);
        decoder.admit();
        return decoder;
    }

    private static List<RawMessage> decode(ChunkDecoder decoder, Split split, byte[] stream) {
        List<RawMessage> messages = new ArrayList<>();
        for (byte[] part : split.of(stream)) {
            ByteBuf in = Unpooled.wrappedBuffer(part);
            for (Optional<RawMessage> next = decoder.next(in); next.isPresent(); next = decoder.next(in)) {
                messages.add(next.get());
            }
            assertThat(in.isReadable()).isFalse();
        }
        return messages;
    }

    private static List<RawMessage> decode(Split split, String... hex) {
        return decode(admitted(), split, bytes(hex));
    }

    private static List<String> shown(List<RawMessage> messages) {
        return messages.stream()
                .map(m -> "%d/%d/%d/%d/%s".formatted(m.csid(), m.type(), m.timestampMs(), m.msid(), Hex.of(m.body())))
                .toList();
    }

    @Test
    void everyChunkStreamHasAStateOfItsOwnInWhateverOrderTheyBegin() {
        ChunkDecoder decoder = admitted();
        for (int i = 0; i < 61; i++) {
            int csid = 3 + i * 37 % 61;
            byte[] first = bytes("%02x %06x 000001 08 01000000 aa".formatted(csid, 1_000 * csid));
            assertThat(shown(decode(decoder, Split.WHOLE, first)))
                    .containsExactly("%d/8/%d/1/aa".formatted(csid, 1_000 * csid));
        }
        for (int i = 0; i < 61; i++) {
            int csid = 3 + i * 23 % 61;
            byte[] second = bytes("%02x %06x bb".formatted(0x80 | csid, csid));
            assertThat(shown(decode(decoder, Split.WHOLE, second)))
                    .containsExactly("%d/8/%d/1/bb".formatted(csid, 1_001 * csid));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "02, 2",
        "3f, 63",
        "0000, 64",
        "00ff, 319",
        "010001, 320",
        "01ffff, 65599",
        "010000, 64",
    })
    void readsEveryFormOfChunkStreamId(String basicHeader, int csid) {
        for (Split split : Split.values()) {
            assertThat(decode(split, basicHeader, "000000 000001 08 01000000 aa"))
                    .extracting(RawMessage::csid)
                    .containsExactly(csid);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "02 000000 000004 01 00000000 00001000, 2/1/0/0/00001000",
        "02 000000 000004 05 00000000 002625a0, 2/5/0/0/002625a0",
        "02 000000 000005 06 00000000 002625a0 02, 2/6/0/0/002625a002",
        "02 000000 000004 03 00000000 00100000, 2/3/0/0/00100000",
        "02 000000 000004 02 00000000 00000006, 2/2/0/0/00000006",
        "02 000000 000006 04 00000000 0000 00000001, 2/4/0/0/000000000001",
        "04 fffffe 000003 08 01000000 af01aa, 4/8/16777214/1/af01aa",
        "04 ffffff 000003 08 01000000 00ffffff af01aa, 4/8/16777215/1/af01aa",
        "04 ffffff 000003 08 01000000 01000000 af01aa, 4/8/16777216/1/af01aa",
        "04 ffffff 000003 08 01000000 ffffffff af01aa, 4/8/4294967295/1/af01aa",
    })
    void readsTheVectorsOfSingleMessages(String hex, String expected) {
        for (Split split : Split.values()) {
            assertThat(shown(decode(split, hex))).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void acceptsExtendedTimestampOnType3Chunks(Split split) {
        assertThat(shown(decode(
                        split,
                        CHUNK_SIZE_4,
                        "06 ffffff 00000a 09 01000000 01000000 00010203 c6 01000000 04050607 c6 01000000 0809")))
                .last()
                .isEqualTo("6/9/16777216/1/00010203040506070809");
    }

    @ParameterizedTest
    @EnumSource
    void acceptsType3ChunksWithoutTheirExtendedTimestamp(Split split) {
        assertThat(shown(decode(
                        split, CHUNK_SIZE_4, "06 ffffff 00000a 09 01000000 01000000 00010203 c6 04050607 c6 0809")))
                .last()
                .isEqualTo("6/9/16777216/1/00010203040506070809");
    }

    @ParameterizedTest
    @EnumSource
    void decidesAboutExtendedTimestampsByTheLastBytesOfAMessage(Split split) {
        // Two payload bytes that equal the field's beginning, then the next chunk instead of the field's end.
        assertThat(shown(decode(
                        split,
                        CHUNK_SIZE_4,
                        "06 ffffff 000006 09 01000000 01000000 00010203 c6 0100 46 000005 000001 09 aa")))
                .endsWith("6/9/16777216/1/000102030100", "6/9/16777221/1/aa");
        assertThat(shown(decode(
                        split,
                        CHUNK_SIZE_4,
                        "06 ffffff 000006 09 01000000 01000000 00010203 c6 0405 46 000005 000001 09 aa")))
                .endsWith("6/9/16777216/1/000102030405", "6/9/16777221/1/aa");
        assertThat(shown(decode(
                        split,
                        CHUNK_SIZE_4,
                        "06 ffffff 000006 09 01000000 01000000 00010203 c6 01000000 0405 46 000005 000001 09 aa")))
                .endsWith("6/9/16777216/1/000102030405", "6/9/16777221/1/aa");
    }

    @Test
    void deliversTheLastShortChunkOfASenderThatOmitsTheFieldWithoutWaiting() {
        ChunkDecoder decoder = admitted();
        decode(decoder, Split.WHOLE, bytes(CHUNK_SIZE_4));
        assertThat(decode(decoder, Split.WHOLE, bytes("06 ffffff 000005 09 01000000 01000000 00010203 c6 04")))
                .hasSize(1);
    }

    @Test
    void keepsTheDecisionForTheWholeConnection() {
        assertThat(shown(decode(
                        Split.WHOLE,
                        CHUNK_SIZE_4,
                        "06 ffffff 000008 09 01000000 01000000 00010203 c6 04050607",
                        // Payload that looks like the field is payload once the sender is known to omit it.
                        "06 ffffff 000008 09 01000000 01000000 00010203 c6 01000000")))
                .endsWith("6/9/16777216/1/0001020304050607", "6/9/16777216/1/0001020301000000");
    }

    @ParameterizedTest
    @EnumSource
    void addsAnExtendedDeltaThatStepsBack(Split split) {
        assertThat(shown(decode(split, "04 000064 000003 08 01000000 af0100 44 ffffff 000003 08 fffffffd af01aa")))
                .last()
                .isEqualTo("4/8/97/1/af01aa");
    }

    @ParameterizedTest
    @EnumSource
    void readsTheJumpFromMetadataToMediaOfFfmpeg5(Split split) {
        byte[] stream = join(
                bytes("04 000000 000004 12 01000000 02000161"),
                bytes("44 ffffff 000104 08 01312ce9"),
                repeat(0xaf, 128),
                bytes("c4 01312ce9"),
                repeat(0xaf, 128),
                bytes("c4 01312ce9"),
                repeat(0xaf, 4),
                bytes("06 ffffff 00091c 09 01000000 01312d00"),
                repeat(0x17, 128),
                video20000000());
        List<RawMessage> messages = decode(admitted(), split, stream);
        assertThat(messages).extracting(RawMessage::timestampMs).containsExactly(0L, 19_999_977L, 20_000_000L);
        assertThat(messages.get(1).body()).isEqualTo(repeat(0xaf, 0x104));
        assertThat(messages.get(2).body()).isEqualTo(repeat(0x17, 0x91c));
    }

    /// The continuations of a 0x91c byte message after its first 128 bytes.
    private static byte[] video20000000() {
        byte[] stream = {};
        for (int left = 0x91c - 128; left > 0; left -= 128) {
            stream = join(stream, bytes("c6 01312d00"), repeat(0x17, Math.min(128, left)));
        }
        return stream;
    }

    @ParameterizedTest
    @EnumSource
    void acceptsType1AsTheFirstHeaderOfLibrtmp(Split split) {
        assertThat(shown(decode(split, "42 000000 00000a 04 0003 00000000 0000012c c2 0003 00000001 00000bb8")))
                .containsExactly("2/4/0/0/0003000000000000012c", "2/4/0/0/00030000000100000bb8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 000000", "c2", "c9"})
    void refusesTypes2And3AsTheFirstHeader(String header) {
        assertProtocolError(header);
    }

    @ParameterizedTest
    @EnumSource
    void readsFourAudioMessagesAsInTheSpecification(Split split) {
        byte[] body = repeat(0x5a, 32);
        byte[] stream = join(
                bytes("03 0003e8 000020 08 39300000"),
                body,
                bytes("83 000014"),
                body,
                bytes("c3"),
                body,
                bytes("c3"),
                body);
        assertThat(stream).hasSize(44 + 36 + 33 + 33);
        List<RawMessage> messages = decode(admitted(), split, stream);
        assertThat(messages).extracting(RawMessage::timestampMs).containsExactly(1000L, 1020L, 1040L, 1060L);
        assertThat(messages).allMatch(m -> m.msid() == 12345 && m.body().length == 32);
    }

    @ParameterizedTest
    @EnumSource
    void readsAMessageOfThreeChunksAsInTheSpecification(Split split) {
        byte[] stream = join(
                bytes("04 0003e8 000133 09 3a300000"),
                repeat(1, 128),
                bytes("c4"),
                repeat(2, 128),
                bytes("c4"),
                repeat(3, 51));
        assertThat(stream).hasSize(140 + 129 + 52);
        List<RawMessage> messages = decode(admitted(), split, stream);
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().msid()).isEqualTo(12346);
        assertThat(messages.getFirst().body()).isEqualTo(join(repeat(1, 128), repeat(2, 128), repeat(3, 51)));
    }

    @Test
    void wrapsTimeAt32Bits() {
        assertThat(decode(Split.WHOLE, "04 ffffff 000001 08 01000000 fffffffa aa 44 00000a 000001 08 bb"))
                .extracting(RawMessage::timestampMs)
                .containsExactly(4294967290L, 4L);
    }

    @Test
    void addsTheAbsoluteTimeWhenType3FollowsType0ByTheLetter() {
        assertThat(decode(Split.WHOLE, "04 000014 000001 08 01000000 aa c4 bb c4 cc"))
                .extracting(RawMessage::timestampMs)
                .containsExactly(20L, 40L, 60L);
    }

    @Test
    void takesTheDeltaForZeroWhereTheLetterWouldLeaveTheOtherTracksBehind() {
        assertThat(decode(Split.WHOLE, "06 0f4240 000001 09 01000000 aa 04 0f4240 000001 08 01000000 bb c4 cc c4 dd"))
                .extracting(RawMessage::timestampMs)
                .containsOnly(1_000_000L);
    }

    @Test
    void completesEmptyMessagesAtOnce() {
        assertThat(shown(decode(Split.WHOLE, "04 000005 000000 08 01000000 84 000007 c4")))
                .containsExactly("4/8/5/1/", "4/8/12/1/", "4/8/19/1/");
    }

    @ParameterizedTest
    @EnumSource
    void keepsInterleavedMessagesApart(Split split) {
        assertThat(shown(decode(
                        split,
                        CHUNK_SIZE_4,
                        "06 000001 000006 09 01000000 01020304 04 000002 000005 08 01000000 11121314 c6 0506 c4 15")))
                .containsExactly("2/1/0/0/00000004", "6/9/1/1/010203040506", "4/8/2/1/1112131415");
    }

    @ParameterizedTest
    @EnumSource
    void appliesAChunkSizeInTheMiddleOfAMessage(Split split) {
        assertThat(shown(decode(
                        split,
                        CHUNK_SIZE_4,
                        "06 000001 00000a 09 01000000 01020304 02 000000 000004 01 00000000 00000005",
                        "c6 0506070809 c6 0a")))
                .last()
                .isEqualTo("6/9/1/1/0102030405060708090a");
    }

    @Test
    void acceptsChunkSizesOf128MebibytesAndMore() {
        for (String size : List.of("08000000", "7fffffff")) {
            assertThat(decode(
                            Split.RANDOM_1,
                            "02 000000 000004 01 00000000",
                            size,
                            "04 000000 000003 08 01000000 010203"))
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void abortsAPartialMessageAndKeepsItsHeader(Split split) {
        assertThat(shown(decode(
                        split,
                        CHUNK_SIZE_4,
                        "06 000001 000006 09 01000000 01020304 02 000000 000004 02 00000000 00000006",
                        "46 000002 000002 09 aabb")))
                .last()
                .isEqualTo("6/9/3/1/aabb");
    }

    /// Chunk streams cost memory too: a stranger that opens all 64 has less left for messages.
    @Test
    void countsTheStateOfChunkStreamsAsHeld() {
        ChunkDecoder stranger = new ChunkDecoder(RtmpLimits.DEFAULTS);
        for (int csid = 3; csid < 63; csid++) {
            assertThat(stranger.next(
                            Unpooled.wrappedBuffer(Hex.bytes("%02x 000000 000000 08 01000000".formatted(csid)))))
                    .isPresent();
        }
        assertThat(stranger.heldBytes()).isEqualTo(60 * 160);
        byte[] large =
                Hex.bytes("3f 000000 001f00 08 01000000" + "00".repeat(128) + ("ff" + "00".repeat(128)).repeat(60));
        assertThatThrownBy(() -> stranger.next(Unpooled.wrappedBuffer(large)))
                .isInstanceOfSatisfying(
                        RtmpException.class, e -> assertThat(e.limit()).contains(Limit.PARTIAL_BYTES));
        assertThat(stranger.heldBytes()).isLessThanOrEqualTo(16 << 10);
    }

    @Test
    void closesAtTheNinthPartialMessage() {
        byte[] stream = {};
        for (int csid = 4; csid < 12; csid++) {
            stream = join(stream, new byte[] {(byte) csid}, bytes("000000 0a0000 09 01000000"), repeat(0, 128));
        }
        ChunkDecoder decoder = admitted();
        assertThat(decode(decoder, Split.WHOLE, stream)).isEmpty();
        assertThat(decoder.heldBytes()).isLessThanOrEqualTo(2 * 8 * 128 + 9 * 160);
        byte[] ninth = join(bytes("0c 000000 0a0000 09 01000000"), repeat(0, 128));
        assertLimit(decoder, ninth);
    }

    @Test
    void refusesADeclaredLengthOf16MebibytesAtOnce() {
        assertLimit(admitted(), bytes("04 000000 ffffff 09 01000000"));
    }

    @Test
    void refusesMoreThan64ChunkStreams() {
        byte[] stream = {};
        for (int csid = 0; csid < 64; csid++) {
            stream = join(stream, new byte[] {0, (byte) csid}, bytes("000000 000001 08 01000000 aa"));
        }
        ChunkDecoder decoder = admitted();
        assertThat(decode(decoder, Split.WHOLE, stream)).hasSize(64);
        assertLimit(decoder, bytes("02 000000 000001 08 01000000 aa"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000", "80000001", "ffffffff"})
    void refusesAChunkSizeOfZeroOrWithItsTopBit(String size) {
        assertProtocolError("02 000000 000004 01 00000000" + size);
    }

    @Test
    void refusesALargeMessageInChunksOfOneByte() {
        ChunkDecoder decoder = admitted();
        decode(decoder, Split.WHOLE, bytes("02 000000 000004 01 00000000 00000001"));
        assertThat(decode(decoder, Split.WHOLE, bytes("04 000000 000002 08 01000000 aa c4 bb")))
                .hasSize(1);
        assertLimit(decoder, bytes("06 000000 010001 09 01000000"));
    }

    @Test
    void refusesToShrinkChunksInsideALargeMessage() {
        assertLimit(
                admitted(),
                join(
                        bytes("06 000000 010001 09 01000000"),
                        repeat(0, 128),
                        bytes("02 000000 000004 01 00000000 00000001")));
    }

    @Test
    void refusesControlMessagesThatAreTooShort() {
        assertProtocolError("02 000000 000002 01 00000000 0001");
        assertProtocolError("02 000000 000000 02 00000000");
    }

    @Test
    void refusesANewHeaderInsideAMessage() {
        String first = "06 000000 000200 09 01000000" + "00".repeat(128);
        assertProtocolError(first + "06 000000 000400 09 01000000");
        assertProtocolError(first + "46 000000 000200 09");
        assertProtocolError(first + "86 000000");
    }

    @Test
    void keepsAStrangerSmall() {
        assertLimit(new ChunkDecoder(RtmpLimits.DEFAULTS), bytes("03 000000 002001 14 00000000"));
        ChunkDecoder stranger = new ChunkDecoder(RtmpLimits.DEFAULTS);
        byte[] stream = {};
        for (int csid = 3; csid < 8; csid++) {
            stream = join(stream, new byte[] {(byte) csid}, bytes("000000 002000 14 00000000"), repeat(0, 128));
            for (int i = 0; i < 30; i++) {
                stream = join(stream, new byte[] {(byte) (0xc0 | csid)}, repeat(0, 128));
            }
        }
        assertLimit(stranger, stream);
        assertThat(stranger.heldBytes()).isLessThanOrEqualTo(16 << 10);
    }

    @Test
    void neverThrowsAnythingElseOnRandomBytesAndNeverHoldsMoreThanAllowed() {
        for (int seed = 0; seed < 2000; seed++) {
            byte[] noise = new byte[4096];
            new Random(seed).nextBytes(noise);
            // Most noise dies at its first header, so some begins plausibly.
            byte[] stream = seed % 2 == 0 ? noise : join(bytes("04 000000 000400 09 01000000"), noise);
            ChunkDecoder decoder = admitted();
            ByteBuf in = Unpooled.wrappedBuffer(stream);
            try {
                while (decoder.next(in).isPresent()) {
                    assertThat(decoder.heldBytes()).isLessThanOrEqualTo(2 * stream.length);
                }
            } catch (RtmpException expected) {
                assertThat(expected.getStackTrace()).isEmpty();
            }
            assertThat(decoder.heldBytes()).isLessThanOrEqualTo(2 * stream.length);
        }
    }

    private static void assertProtocolError(String hex) {
        for (Split split : Split.values()) {
            assertThatThrownBy(() -> decode(split, hex))
                    .isInstanceOfSatisfying(
                            RtmpException.class, e -> assertThat(e.kind()).isEqualTo(RtmpException.Kind.PROTOCOL));
        }
    }

    private static void assertLimit(ChunkDecoder decoder, byte[] stream) {
        assertThatThrownBy(() -> decode(decoder, Split.WHOLE, stream))
                .isInstanceOfSatisfying(
                        RtmpException.class, e -> assertThat(e.kind()).isEqualTo(RtmpException.Kind.LIMIT));
    }
}
