package dev.sluice.rtmp.amf;

import static dev.sluice.rtmp.Hex.bytes;
import static dev.sluice.rtmp.amf.AmfValue.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("BadImport") // the vectors read better with a bare of()
class Amf3Test {
    private static final RtmpLimits.Amf LIMITS = RtmpLimits.Amf.DEFAULTS;

    private static AmfValue decode(String hex) {
        List<AmfValue> values = Amf0.decode(bytes("11" + hex), 0, LIMITS);
        assertThat(values).hasSize(1);
        return values.getFirst();
    }

    private static String encode(AmfValue value) {
        ByteBuf out = Unpooled.buffer();
        Amf3.write(out, value);
        return ByteBufUtil.hexDump(out);
    }

    private static AmfValue p(int x, int y) {
        Map<String, AmfValue> properties = new LinkedHashMap<>();
        properties.put("x", of(x));
        properties.put("y", of(y));
        return new AmfValue.Obj("P", properties);
    }

    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of("00", AmfValue.UNDEFINED),
                Arguments.of("01", AmfValue.NULL),
                Arguments.of("02", of(false)),
                Arguments.of("03", of(true)),
                Arguments.of("04 05", of(5)),
                Arguments.of("04 7f", of(127)),
                Arguments.of("04 8100", of(128)),
                Arguments.of("04 ff7f", of(16_383)),
                Arguments.of("04 818000", of(16_384)),
                Arguments.of("04 ffff7f", of(2_097_151)),
                Arguments.of("04 80c08000", of(2_097_152)),
                Arguments.of("04 ffffffff", of(-1)),
                Arguments.of("04 fffffffe", of(-2)),
                Arguments.of("04 bfffffff", of(268_435_455)),
                Arguments.of("04 c0808000", of(-268_435_456)),
                Arguments.of("05 41b0000000000000", of(268_435_456)),
                Arguments.of("05 8000000000000000", of(-0.0)),
                Arguments.of("06 03 61", of("a")),
                Arguments.of("06 01", of("")),
                Arguments.of(
                        "0a 0b 01 03 61 04 01 03 62 06 00 01",
                        AmfValue.properties().put("a", 1).put("b", "a").object()),
                Arguments.of(
                        "09 05 01 0a 23 03 50 03 78 03 79 04 01 04 02 0a 01 04 03 04 04",
                        new AmfValue.StrictArray(List.of(p(1, 2), p(3, 4)))),
                Arguments.of("09 05 01 04 01 04 02", new AmfValue.StrictArray(List.of(of(1), of(2)))),
                Arguments.of(
                        "09 01 03 6b 04 01 01",
                        AmfValue.properties().put("k", 1).array()),
                Arguments.of("08 01 0000000000000000", new AmfValue.Date(0)),
                Arguments.of("0b 09 3c612f3e", new AmfValue.Xml("<a/>")),
                Arguments.of("0c 05 01 02", new AmfValue.Bytes(new byte[] {1, 2})),
                Arguments.of(
                        "11 03 00 04 01 06 03 61",
                        new AmfValue.Dictionary(List.of(new AmfValue.Entry(of(1), of("a"))))));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsAndWritesTheVectors(String hex, AmfValue value) {
        assertThat(decode(hex)).isEqualTo(value);
        assertThat(encode(value)).isEqualTo(Hex.of(bytes(hex)));
    }

    @Test
    void readsWhatIsNotWritten() {
        var oneTwo = new AmfValue.StrictArray(List.of(of(1), of(2)));
        assertThat(decode("0d 05 01 00000001 00000002")).isEqualTo(oneTwo);
        assertThat(decode("0d 03 00 ffffffff")).isEqualTo(new AmfValue.StrictArray(List.of(of(-1))));
        assertThat(decode("0e 03 00 ffffffff")).isEqualTo(new AmfValue.StrictArray(List.of(of(4_294_967_295.0))));
        assertThat(decode("0f 03 00 3ff8000000000000")).isEqualTo(new AmfValue.StrictArray(List.of(of(1.5))));
        assertThat(decode("10 05 00 01 04 01 04 02")).isEqualTo(oneTwo);
        assertThat(decode("07 09 3c612f3e")).isEqualTo(new AmfValue.Xml("<a/>"));
        assertThat(decode("0a 13 03 50 03 78 04 01"))
                .as("sealed, one property")
                .isEqualTo(new AmfValue.Obj("P", Map.of("x", of(1))));
    }

    @Test
    void readsObjectsWithSealedAndDynamicProperties() {
        assertThat(decode("0a 1b 01 03 78 04 01 03 79 04 02 01"))
                .isEqualTo(AmfValue.properties().put("x", 1).put("y", 2).object());
    }

    @Test
    void namesTheItemsOfAnArrayThatHasNamesAsWell() {
        assertThat(decode("09 03 03 6b 04 01 01 04 07"))
                .isEqualTo(AmfValue.properties().put("k", 1).put("0", 7).array());
    }

    @Test
    void readsTheTwoClassesThatWriteThemselvesAsOneValue() {
        String collection = "666c65782e6d6573736167696e672e696f2e4172726179436f6c6c656374696f6e";
        assertThat(decode("0a 07 43 " + collection + "09 03 01 04 05"))
                .isEqualTo(new AmfValue.StrictArray(List.of(of(5))));
        assertRefused("0a 07 03 50 04 01");
    }

    @Test
    void resolvesReferencesToStringsObjectsAndTraits() {
        assertThat(decode("09 05 01 09 03 01 04 01 09 02"))
                .isEqualTo(new AmfValue.StrictArray(
                        List.of(new AmfValue.StrictArray(List.of(of(1))), new AmfValue.StrictArray(List.of(of(1))))));
    }

    @Test
    void forgetsItsTablesWithTheValue() {
        assertThat(Amf0.decode(bytes("11 06 03 61 11 06 03 62"), 0, LIMITS)).containsExactly(of("a"), of("b"));
        assertThatThrownBy(() -> Amf0.decode(bytes("11 06 03 61 11 06 00"), 0, LIMITS))
                .isInstanceOf(RtmpException.class);
    }

    @Test
    void marksTheSpotWhereAValueContainsItself() {
        AmfValue cyclic = decode("09 03 01 09 00");
        assertThat(cyclic).isEqualTo(new AmfValue.StrictArray(List.of(AmfValue.CYCLIC)));
        assertThat(cyclic.toString()).contains("[cyclic]");
        assertThat(encode(cyclic)).isEqualTo("09030100");
    }

    @Test
    void standsAnywhereInAmf0() {
        assertThat(Amf0.decode(bytes("03 0001 61 11 04 05 0001 62 11 06 03 78 0000 09"), 0, LIMITS))
                .containsExactly(AmfValue.properties().put("a", 5).put("b", "x").object());
        byte[] encoded = Amf0.encode(AmfValue.properties()
                .put("b", new AmfValue.Bytes(new byte[] {1, 2}))
                .object());
        assertThat(Hex.of(encoded)).isEqualTo("030001621" + "10c0501020000" + "09");
    }

    @ParameterizedTest
    @CsvSource({
        "0d bfffffff 00, AMF_ARRAY_ITEMS",
        "0d bffffffe 00, PROTOCOL", // a reference
        "09 bfffffff 01, AMF_ARRAY_ITEMS",
        "11 bfffffff 00, AMF_ARRAY_ITEMS",
        "10 bfffffff 00 01, AMF_ARRAY_ITEMS",
        "0d 8f7f 00 00, PROTOCOL", // 1,983 numbers in one byte
        "0a bffffff3 01, AMF_PROPERTIES",
        "06 bfffffff, AMF_STRING_BYTES",
        "0c bfffffff, AMF_STRING_BYTES"
    })
    void believesNoLength(String hex, String limit) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOfSatisfying(
                        RtmpException.class,
                        e -> assertThat(e.limit()
                                        .map(Limit::name)
                                        .orElse(e.kind().name()))
                                .isEqualTo(limit));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "ff",
                "04",
                "06 00",
                "09 00",
                "0a 01",
                "0a 13 01 01 04 01",
                "08 01 00",
                "11 03 00 04 01"
            })
    void refusesWhatIsNoValue(String hex) {
        assertRefused(hex);
    }

    @Test
    void countsTheDepthOfBothFormatsTogether() {
        assertThat(decode("09 03 01".repeat(31) + "01")).isNotNull();
        assertLimit(Limit.AMF_DEPTH, "09 03 01".repeat(32) + "01");
        assertThatThrownBy(() ->
                        Amf0.decode(bytes("0a 00000001".repeat(20) + "11" + "09 03 01".repeat(12) + "01"), 0, LIMITS))
                .isInstanceOfSatisfying(
                        RtmpException.class, e -> assertThat(e.limit()).contains(Limit.AMF_DEPTH));
        assertLimit(Limit.AMF_DEPTH, "09 03 01".repeat(100_000));
    }

    /// Ten references to an array of ten references, and so on.
    @Test
    void countsAReferenceAsAllThatItStandsFor() {
        StringBuilder levels = new StringBuilder("09 15 01" + "09 15 01" + "01".repeat(10));
        for (int level = 1; level < 5; level++) {
            levels.append("09 15 01").append("09 %02x".formatted(level << 1).repeat(10));
        }
        assertLimit(Limit.AMF_VALUES, levels.toString());
    }

    /// A text of 64 KiB, named a thousand times, would fill 64 MiB when it is written.
    @Test
    void countsTextThatIsNamedAgain() {
        String text = "06 83ff7f" + "61".repeat(32_767);
        assertLimit(Limit.AMF_STRING_BYTES, "09 8f51 01" + text + "06 00".repeat(1_000));
        assertLimit(Limit.AMF_STRING_BYTES, "09 8f51 01" + "09 03 01" + text + "09 02".repeat(1_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsWhatItWrote(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            AmfValue value = randomValue(random, 4);
            assertThat(decode(encode(value))).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void neverThrowsAnythingElseOnTruncatedOrDamagedBytes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] whole = bytes("11" + encode(randomValue(random, 4)));
            byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length) + 1);
            cut[random.nextInt(cut.length)] = (byte) random.nextInt();
            try {
                Amf0.decode(cut, 0, LIMITS);
            } catch (RtmpException expected) {
                assertThat(expected.getStackTrace()).isEmpty();
            }
        }
    }

    private static AmfValue randomValue(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 8)) {
            case 0 -> of(random.nextDouble() * 1e6);
            case 1 -> of(random.nextInt());
            case 2 -> of("text" + random.nextInt(3));
            case 3 -> AmfValue.NULL;
            case 4 -> AmfValue.UNDEFINED;
            case 5 -> new AmfValue.Date(random.nextInt());
            case 6 -> new AmfValue.Xml("<x>ü</x>");
            case 7 -> new AmfValue.Bytes(new byte[] {(byte) random.nextInt(), 2});
            case 8 -> new AmfValue.Obj(random.nextBoolean() ? "" : "C", randomProperties(random, depth - 1));
            case 9 -> {
                Map<String, AmfValue> named = randomProperties(random, depth - 1);
                named.put("always", of(true)); // an array without names and items says nothing of its kind
                yield new AmfValue.EcmaArray(named);
            }
            case 10 ->
                new AmfValue.Dictionary(
                        List.of(new AmfValue.Entry(randomValue(random, depth - 1), randomValue(random, depth - 1))));
            default -> {
                List<AmfValue> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(randomValue(random, depth - 1));
                }
                yield new AmfValue.StrictArray(items);
            }
        };
    }

    private static Map<String, AmfValue> randomProperties(Random random, int depth) {
        Map<String, AmfValue> properties = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            properties.put("key" + i, randomValue(random, depth));
        }
        return properties;
    }

    private static void assertRefused(String hex) {
        assertThatThrownBy(() -> decode(hex)).isInstanceOf(RtmpException.class);
    }

    private static void assertLimit(Limit limit, String hex) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOfSatisfying(
                        RtmpException.class, e -> assertThat(e.limit()).contains(limit));
    }
}
