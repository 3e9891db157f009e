package dev.sluice.rtmp.message;

import static dev.sluice.rtmp.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.chunk.RawMessage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
    private static final String AGGREGATE = """
            08 000003 0003e8 00 000000 af0101 0000000e 09 000005 0003fc 00 000000 2701000000 00000010
            08 000003 0003ff 00 000000 af0102 0000000e""";

    private static RtmpMessage read(int type, String... hex) {
        return new MessageReader(RtmpLimits.DEFAULTS).read(new RawMessage(2, type, 5000, 1, bytes(hex)));
    }

    @Test
    void readsControlMessages() {
        assertThat(read(1, "00001000")).isEqualTo(new RtmpMessage.SetChunkSize(4096));
        assertThat(read(2, "00000006")).isEqualTo(new RtmpMessage.Abort(6));
        assertThat(read(3, "ff100000")).isEqualTo(new RtmpMessage.Acknowledgement(0xff100000L));
        assertThat(read(4, "0000 00000001")).isEqualTo(new RtmpMessage.UserControl(0, 1));
        assertThat(read(4, "0003 00000001 00000bb8")).isEqualTo(new RtmpMessage.UserControl(3, 1));
        assertThat(read(4, "0006 01020304")).isEqualTo(new RtmpMessage.UserControl(6, 0x01020304));
        assertThat(read(5, "002625a0")).isEqualTo(new RtmpMessage.WindowAckSize(2_500_000));
        assertThat(read(6, "002625a0 02")).isEqualTo(new RtmpMessage.SetPeerBandwidth(2_500_000, 2));
    }

    @Test
    void toleratesShortAndUnknownUserControlEvents() {
        assertThat(read(4, "001a 01")).isEqualTo(new RtmpMessage.UserControl(26, 0));
        assertThat(read(4, "7777")).isEqualTo(new RtmpMessage.UserControl(0x7777, 0));
    }

    @ParameterizedTest
    @CsvSource({"1,00", "2,0000", "3,000000", "4,00", "5,''", "6,0000"})
    void refusesTruncatedControlMessages(int type, String hex) {
        assertThatThrownBy(() -> read(type, hex)).isInstanceOf(RtmpException.class);
    }

    @Test
    void takesAnAggregateApartOnItsOwnTimeline() {
        List<RtmpMessage.Media> parts = ((RtmpMessage.Aggregate) read(22, AGGREGATE)).parts();
        assertThat(parts).extracting(RtmpMessage.Media::timestampMs).containsExactly(5000L, 5020L, 5023L);
        assertThat(parts).extracting(RtmpMessage.Media::msid).containsOnly(1);
        assertThat(parts).extracting(part -> Hex.of(part.body())).containsExactly("af0101", "2701000000", "af0102");
    }

    @Test
    void toleratesAMissingLastBackPointer() {
        String hex = AGGREGATE.strip();
        assertThat(((RtmpMessage.Aggregate) read(22, hex.substring(0, hex.length() - 8))).parts())
                .hasSize(3);
    }

    @Test
    void dropsWhatHasNoBusinessInAnAggregate() {
        String nested = "16 000001 000000 00 000000 aa 0000000c 01 000004 000000 00 000000 00000001 0000000f";
        assertThat(((RtmpMessage.Aggregate) read(22, nested, AGGREGATE)).parts())
                .hasSize(3);
    }

    @Test
    void refusesAggregatesThatLie() {
        assertThatThrownBy(() -> read(22, "08 0000ff 000000 00 000000 aa")).isInstanceOf(RtmpException.class);
        assertThatThrownBy(() -> read(22, "08 000000 000000 00 000000 0000000b".repeat(1025)))
                .isInstanceOf(RtmpException.class);
    }

    @ParameterizedTest
    @CsvSource({"20,''", "17,00", "17,''"})
    void readsCommandsWithAndWithoutFormatByte(int type, String format) {
        assertThat(read(type, format, "02 000c 63726561746553747265616d 00 4010000000000000 05"))
                .isEqualTo(new RtmpMessage.Command(1, "createStream", 4, AmfValue.NULL, List.of()));
    }

    @Test
    void toleratesCommandsWithoutTransactionAndObject() {
        assertThat(read(20, "02 0004 70696e67"))
                .isEqualTo(new RtmpMessage.Command(1, "ping", 0, AmfValue.NULL, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "05", "00 3ff0000000000000", "02 0010 61"})
    void refusesCommandsWithoutAName(String hex) {
        assertThatThrownBy(() -> read(20, hex)).isInstanceOf(RtmpException.class);
    }

    @Test
    void takesTheFormatByteOffDataOfType15() {
        RtmpMessage message = read(15, "00 02 000a 6f6e4d65746144617461 05");
        assertThat(Hex.of(((RtmpMessage.Data) message).body())).isEqualTo("02000a6f6e4d6574614461746105");
    }

    /// `{"a": 1}` under `onMetaData`, name and value in AMF3.
    @Test
    void writesAmf3InDataOfType15AsAmf0ForPlayersThatReadNothingElse() {
        RtmpMessage message = read(15, "00 11 06 15 6f6e4d65746144617461 11 0a 0b 01 03 61 04 01 01");
        assertThat(Hex.of(((RtmpMessage.Data) message).body()))
                .isEqualTo("02000a6f6e4d6574614461746103000161003ff0000000000000000009");
    }

    @Test
    void passesOnDataOfType15ThatItCannotRead() {
        RtmpMessage message = read(15, "00 02 0001 61 11 0a ff");
        assertThat(Hex.of(((RtmpMessage.Data) message).body())).isEqualTo("02000161110aff");
    }

    @Test
    void readsCommandsWhoseArgumentsAreAmf3() {
        assertThat(read(17, "00 02 0003 616464 00 4010000000000000 11 01 11 0a 0b 01 03 61 04 01 01"))
                .isEqualTo(new RtmpMessage.Command(
                        1,
                        "add",
                        4,
                        AmfValue.NULL,
                        List.of(AmfValue.properties().put("a", 1).object())));
    }

    @ParameterizedTest
    @CsvSource({"19,''", "16,00", "16,''"})
    void leavesSharedObjectsUnreadAndTakesTheirFormatByteOff(int type, String format) {
        String use = "0004 63686174 00000001 00000000 00000000 01 00000000";
        RtmpMessage message = read(type, format, use);
        assertThat(((RtmpMessage.SharedObject) message).body()).isEqualTo(bytes(use));
    }

    @Test
    void findsTheNameOfMetadataBehindStrayNumbersAsUniviewSendsThem() {
        byte[] body = bytes(
                "00 0000000000000000 00 0000000000000000 02 000d 4073657444617461 4672616d65 02 000a 6f6e4d65746144617461",
                "08 00000000 0001 61 05 0000 09");
        DataBody data = DataBody.read(body, RtmpLimits.Amf.DEFAULTS).orElseThrow();
        assertThat(data.name()).isEqualTo("onMetaData");
        assertThat(data.values())
                .containsExactly(AmfValue.properties().put("a", AmfValue.NULL).array());
        assertThat(body[data.valuesFrom()]).isEqualTo((byte) 8);
    }

    @Test
    void findsNoNameInDataThatHasNone() {
        assertThat(DataBody.read(bytes("05 05"), RtmpLimits.Amf.DEFAULTS)).isEmpty();
        assertThat(DataBody.read(bytes(), RtmpLimits.Amf.DEFAULTS)).isEmpty();
    }

    @Test
    void neverThrowsAnythingElse() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] body = new byte[random.nextInt(60)];
            random.nextBytes(body);
            RawMessage raw = new RawMessage(2, random.nextInt(25), 0, 1, body);
            try {
                new MessageReader(RtmpLimits.DEFAULTS).read(raw);
                DataBody.read(body, RtmpLimits.Amf.DEFAULTS);
            } catch (RtmpException expected) {
                assertThat(expected.getStackTrace()).isEmpty();
            }
        }
    }
}
