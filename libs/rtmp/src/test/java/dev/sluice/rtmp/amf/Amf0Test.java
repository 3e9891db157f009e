package dev.sluice.rtmp.amf;

import static dev.sluice.rtmp.Hex.bytes;
import static dev.sluice.rtmp.amf.AmfValue.of;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("BadImport") // the vectors read better with a bare of()
class Amf0Test {
    private static final RtmpLimits.Amf LIMITS = RtmpLimits.Amf.DEFAULTS;

    private static List<AmfValue> decode(String... hex) {
        return Amf0.decode(bytes(hex), 0, LIMITS);
    }

    private static List<AmfValue> decodeData(String... hex) {
        return Amf0Reader.ofData(bytes(hex), 0, LIMITS).rest();
    }

    private static AmfValue.Properties properties() {
        return AmfValue.properties();
    }

    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of("00 3ff0000000000000", of(1)),
                Arguments.of("00 bff8000000000000", of(-1.5)),
                Arguments.of("01 01", of(true)),
                Arguments.of("01 00", of(false)),
                Arguments.of("02 0004 6c697665", of("live")),
                Arguments.of(
                        "03 0001 61 00 3ff0000000000000 0000 09",
                        properties().put("a", 1).object()),
                Arguments.of("03 0000 09", properties().object()),
                Arguments.of("05", AmfValue.NULL),
                Arguments.of("06", AmfValue.UNDEFINED),
                Arguments.of(
                        "08 00000001 0001 62 02 0001 63 0000 09",
                        properties().put("b", "c").array()),
                Arguments.of(
                        "0a 00000002 00 3ff0000000000000 02 0001 78",
                        new AmfValue.StrictArray(List.of(of(1), of("x")))),
                Arguments.of("0b 426b8d59f5800000 0000", new AmfValue.Date(946_684_800_000.0)),
                Arguments.of("0d", new AmfValue.Unsupported()),
                Arguments.of("0f 00000004 3c612f3e", new AmfValue.Xml("<a/>")),
                Arguments.of(
                        "10 0001 43 0001 78 00 3ff0000000000000 0000 09", new AmfValue.Obj("C", Map.of("x", of(1)))));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsAndWritesTheVectors(String hex, AmfValue value) {
        assertThat(decode(hex)).containsExactly(value);
        assertThat(Hex.of(Amf0.encode(value))).isEqualTo(Hex.of(bytes(hex)));
    }

    @Test
    void readsAndWritesCommands() {
        String createStream = "02 000c 63726561746553747265616d 00 4010000000000000 05";
        assertThat(decode(createStream)).containsExactly(of("createStream"), of(4), AmfValue.NULL);
        assertThat(Amf0.encode(of("createStream"), of(4), AmfValue.NULL))
                .isEqualTo(bytes(createStream))
                .hasSize(25);
        String result = "02 0007 5f726573756c74 00 4010000000000000 05 00 3ff0000000000000";
        assertThat(decode(result)).containsExactly(of("_result"), of(4), AmfValue.NULL, of(1));
        assertThat(Amf0.encode(of("_result"), of(4), AmfValue.NULL, of(1)))
                .isEqualTo(bytes(result))
                .hasSize(29);
    }

    @Test
    void ignoresTheCountOfAnEcmaArray() {
        assertThat(decode("08 ffffffff 0001 61 05 0000 09"))
                .containsExactly(properties().put("a", AmfValue.NULL).array());
        assertThat(decode("08 00000000 0001 61 05 0000 09"))
                .containsExactly(properties().put("a", AmfValue.NULL).array());
    }

    @Test
    void keepsTheLastOfRepeatedKeys() {
        assertThat(decode("03 0001 61 0100 0001 61 0101 0000 09"))
                .containsExactly(properties().put("a", true).object());
    }

    @Test
    void replacesInvalidUtf8() {
        assertThat(decode("02 0002 c328")).containsExactly(of("\ufffd("));
    }

    @Test
    void writesStringsOfMoreThan65535BytesInTheLongForm() {
        String text = "ä".repeat(40_000);
        byte[] encoded = Amf0.encode(of(text));
        assertThat(Arrays.copyOf(encoded, 5)).isEqualTo(bytes("0c 00013880"));
        assertThat(Amf0Reader.ofData(encoded, 0, LIMITS).next()).isEqualTo(of(text));
    }

    @Test
    void resolvesReferencesInOrderOfAppearance() {
        AmfValue.Obj inner = properties().put("x", 1).object();
        assertThat(decode("03 0001 61 03 0001 78 00 3ff0000000000000 0000 09 0001 62 07 0001 0000 09", "07 0000"))
                .containsExactly(
                        properties().put("a", inner).put("b", inner).object(),
                        properties().put("a", inner).put("b", inner).object());
    }

    @ParameterizedTest
    @ValueSource(strings = {"07 0000", "03 0001 61 07 0000 0000 09", "0a 00000001 07 0000", "0a 00000000 07 0001"})
    void refusesReferencesToNothingOrToAnUnfinishedObject(String hex) {
        assertRefused(RtmpException.Kind.PROTOCOL, hex);
    }

    @Test
    void countsAReferenceAsAllThatItStandsFor() {
        // Each level holds ten references to the one before: 10^5 values in a few hundred bytes.
        StringBuilder hex = new StringBuilder("0a 0000000a" + "05".repeat(10));
        for (int level = 1; level < 5; level++) {
            hex.append("0a 0000000a").append("07 %04x".formatted(level - 1).repeat(10));
        }
        assertRefused(RtmpException.Kind.LIMIT, hex.toString());
    }

    @Test
    void countsTheDepthBehindAReference() {
        StringBuilder hex = new StringBuilder("0a 00000001".repeat(20) + "05");
        hex.append("0a 00000001".repeat(15)).append("07 0000");
        assertRefused(RtmpException.Kind.LIMIT, hex.toString());
    }

    @Test
    void refusesDeepNestingAtLevel32() {
        assertRefused(
                RtmpException.Kind.LIMIT, "02 0007 636f6e6e656374 00 3ff0000000000000" + "03 0001 61".repeat(10_000));
        assertThat(decode("0a 00000001".repeat(31) + "05")).hasSize(1);
        assertRefused(RtmpException.Kind.LIMIT, "0a 00000001".repeat(32) + "05");
    }

    @Test
    void refusesAStrictArrayLongerThanItsBytes() {
        assertRefused(RtmpException.Kind.LIMIT, "0a ffffffff");
        assertRefused(RtmpException.Kind.PROTOCOL, "0a 00000fff 05");
    }

    @Test
    void refusesTooManyValues() {
        assertThat(decode("05".repeat(8192))).hasSize(8192);
        assertRefused(RtmpException.Kind.LIMIT, "05".repeat(8193));
    }

    @Test
    void refusesTooManyPropertiesAndTooLongKeys() {
        StringBuilder many = new StringBuilder("03");
        for (int i = 0; i <= 1024; i++) {
            many.append("0004")
                    .append(HexFormat.of().formatHex("%04d".formatted(i).getBytes(US_ASCII)))
                    .append("05");
        }
        assertRefused(RtmpException.Kind.LIMIT, many + "0000 09");
        assertRefused(RtmpException.Kind.LIMIT, "03 0101" + "61".repeat(257) + "05 0000 09");
    }

    @Test
    void refusesStringsByTheirUse() {
        String hex = "0c 00010001" + "61".repeat(65_537);
        assertRefused(RtmpException.Kind.LIMIT, hex);
        assertThat(decodeData(hex)).hasSize(1);
        assertRefused(RtmpException.Kind.LIMIT, "0c ffffffff");
    }

    @Test
    void makesATypedObjectAPlainMap() {
        AmfValue value = decode("10 0018 6a6176612e6c616e672e50726f636573734275696c646572 0000 09")
                .getFirst();
        assertThat(value).isEqualTo(new AmfValue.Obj("java.lang.ProcessBuilder", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "0e", "09", "12", "ff", "11 12", "03 0000 05"})
    void refusesWhatIsNoValue(String hex) {
        assertRefused(RtmpException.Kind.PROTOCOL, hex);
    }

    @Test
    void forgivesAMissingEndOfTheOutermostObjectInDataOnly() {
        assertThat(decodeData("08 00000001 0001 61 05"))
                .containsExactly(properties().put("a", AmfValue.NULL).array());
        assertRefused(RtmpException.Kind.PROTOCOL, "08 00000001 0001 61 05");
        assertThatThrownBy(() -> decodeData("0a 00000001 08 00000001 0001 61 05"))
                .isInstanceOf(RtmpException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsWhatItWrote(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            AmfValue[] values = {randomValue(random, 4), randomValue(random, 4)};
            assertThat(Amf0.decode(Amf0.encode(values), 0, LIMITS)).containsExactly(values);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void neverThrowsAnythingElseOnTruncatedOrDamagedBytes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] whole = Amf0.encode(randomValue(random, 4));
            byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            if (cut.length > 0 && random.nextBoolean()) {
                cut[random.nextInt(cut.length)] = (byte) random.nextInt();
            }
            try {
                Amf0.decode(cut, 0, LIMITS);
            } catch (RtmpException expected) {
                assertThat(expected.getStackTrace()).isEmpty();
            }
        }
    }

    private static AmfValue randomValue(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 11 : 8)) {
            case 0 -> of(random.nextDouble() * 1e6);
            case 1 -> of(random.nextBoolean());
            case 2 -> of("text" + random.nextInt());
            case 3 -> AmfValue.NULL;
            case 4 -> AmfValue.UNDEFINED;
            case 5 -> new AmfValue.Date(random.nextInt());
            case 6 -> new AmfValue.Xml("<x>ü</x>");
            case 7 -> new AmfValue.Unsupported();
            case 8 -> new AmfValue.Obj(random.nextBoolean() ? "" : "C", randomProperties(random, depth - 1));
            case 9 -> new AmfValue.EcmaArray(randomProperties(random, depth - 1));
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

    private static void assertRefused(RtmpException.Kind kind, String hex) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOfSatisfying(
                        RtmpException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
