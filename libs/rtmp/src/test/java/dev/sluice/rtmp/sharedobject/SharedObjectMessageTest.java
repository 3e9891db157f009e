package dev.sluice.rtmp.sharedobject;

import static dev.sluice.rtmp.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Change;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Clear;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Release;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Remove;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.RequestChange;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.RequestRemove;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.SendMessage;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Status;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Success;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Use;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.UseSuccess;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedObjectMessageTest {
    private static final String CHAT = "0004 63686174 00000001 00000000 00000000";
    private static final String USE = CHAT + "01 00000000";
    private static final String CHANGE =
            "0004 63686174 00000002 00000000 00000000 04 0000000c 0001 6e 00 3ff0000000000000";
    private static final AmfBytes ONE = AmfBytes.of(AmfValue.of(1));

    /// Every event there is, in one message.
    private static final SharedObjectMessage ALL = new SharedObjectMessage(
            "Grüße",
            0xffff_fffeL,
            true,
            List.of(
                    new Use(),
                    new Release(),
                    new RequestChange("n", ONE),
                    new Change(pairs()),
                    new Success("n"),
                    new SendMessage(AmfBytes.of(AmfValue.of("say"), AmfValue.of("hello"), AmfValue.of(true))),
                    new Status("SharedObject.BadPersistence", "error"),
                    new Clear(),
                    new Remove("n"),
                    new RequestRemove("n"),
                    new UseSuccess()));

    private static Map<String, AmfBytes> pairs() {
        Map<String, AmfBytes> pairs = new LinkedHashMap<>();
        pairs.put("z", ONE);
        pairs.put("a", AmfBytes.of(AmfValue.properties().put("x", "y").object()));
        return pairs;
    }

    private static SharedObjectMessage read(String... hex) {
        return read(bytes(hex));
    }

    private static SharedObjectMessage read(byte[] body) {
        return SharedObjectMessage.read(body, RtmpLimits.DEFAULTS);
    }

    private static byte[] written(SharedObjectMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.writeTo(out);
        return ByteBufUtil.getBytes(out);
    }

    private static void assertHits(Limit limit, ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        RtmpException.class, e -> assertThat(e.limit()).contains(limit));
    }

    @Test
    void readsAndWritesTheVectors() {
        var use = new SharedObjectMessage("chat", 1, false, List.of(new Use()));
        assertThat(read(USE)).isEqualTo(use);
        assertThat(written(use)).isEqualTo(bytes(USE));
        var change = new SharedObjectMessage("chat", 2, false, List.of(new Change(Map.of("n", ONE))));
        assertThat(read(CHANGE)).isEqualTo(change);
        assertThat(written(change)).isEqualTo(bytes(CHANGE));
    }

    @Test
    void readsEveryEventThatItWrites() {
        SharedObjectMessage again = read(written(ALL));
        assertThat(again).isEqualTo(ALL);
        assertThat(((Change) again.events().get(3)).values().keySet()).containsExactly("z", "a");
    }

    @Test
    void knowsAPersistentObjectByOneBitOfItsFlags() {
        assertThat(read("0001 61 00000000 00000003 12345678").persistent()).isTrue();
        assertThat(read("0001 61 00000000 00000001 00000000").persistent()).isFalse();
    }

    @Test
    void skipsEventsThatNobodyKnowsAndWhatFollowsTheKnownFields() {
        assertThat(read(CHAT, "63 00000002 abcd", "0a 00000005 0001 6e ffff", "02 00000001 00")
                        .events())
                .containsExactly(new RequestRemove("n"), new Release());
    }

    @Test
    void aMessageMayHoldNoEvents() {
        assertThat(read(CHAT).events()).isEmpty();
    }

    @Test
    void everyCutInsideAnEventIsRefused() {
        byte[] whole = written(ALL);
        int boundaries = 0;
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                var part = read(cut);
                assertThat(part.events())
                        .isEqualTo(ALL.events().subList(0, part.events().size()));
                boundaries++;
            } catch (RtmpException expected) {
                assertThat(expected.kind()).isEqualTo(RtmpException.Kind.PROTOCOL);
            }
        }
        assertThat(boundaries).isEqualTo(ALL.events().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03 00000003 0001 6e", // no value
                "03 00000002 0005", // the key is longer than its event
                "04 0000000d 0001 6e 00 3ff0000000000000 00", // half a key
                "06 00000002 02 00", // half a value
                "05 ffffffff 0001 6e", // longer than everything
                "07 00000004 0002 6162", // no level
                "0a 00000000" // no key
            })
    void refusesEventsThatLie(String event) {
        assertThatThrownBy(() -> read(CHAT, event)).isInstanceOf(RtmpException.class);
    }

    @Test
    void damageEndsInAMessageOrARefusalAndNothingElse() {
        byte[] whole = written(ALL);
        int read = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                SharedObjectMessage message = read(damaged);
                assertThat(read(written(message))).isEqualTo(message);
                read++;
            } catch (RtmpException expected) {
                assertThat(expected.getStackTrace()).isEmpty();
            }
        }
        assertThat(read).isPositive();
    }

    /// An array of eighty numbers, and a hundred times the same array.
    @Test
    void referencesCostWhatTheyStandFor() {
        String numbers = "0a 00000050" + "00 3ff0000000000000".repeat(80);
        String items = numbers + "07 0001".repeat(100);
        byte[] value = bytes("0a 00000065", items);
        byte[] event = Hex.join(bytes("0001 6e"), value);
        byte[] body = Hex.join(bytes(CHAT, "03 %08x".formatted(event.length)), event);
        assertThat(body.length).isLessThan(1_200);
        assertHits(Limit.MESSAGE_BYTES, () -> read(body));
    }

    @Test
    void aReferenceBecomesWhatItStandsFor() {
        String object = "03 0001 61 05 000009";
        var message = read(CHAT, "03 00000013 0001 6e 0a 00000002", object, "07 0001");
        var value = ((RequestChange) message.events().getFirst()).value();
        var plain = AmfValue.properties().put("a", AmfValue.NULL).object();
        assertThat(value.values(RtmpLimits.Amf.DEFAULTS))
                .containsExactly(new AmfValue.StrictArray(List.of(plain, plain)));
        assertThat(value.toString()).isEqualTo("0a00000002" + "0300016105000009".repeat(2));
    }

    @Test
    void allEventsOfAMessageShareWhatTheyMayTake() {
        String value = "02 0400" + "61".repeat(0x400);
        String event = "03 00000406 0001 6e" + value;
        assertThat(read(CHAT, event.repeat(60)).events()).hasSize(60);
        assertHits(Limit.MESSAGE_BYTES, () -> read(CHAT, event.repeat(64)));
    }

    @Test
    void hasLimitsForNamesKeysAndEvents() {
        String longest = "0100" + "61".repeat(256);
        String tooLong = "0101" + "61".repeat(257);
        assertThat(read(longest, "00000000 00000000 00000000").name()).hasSize(256);
        assertHits(Limit.AMF_STRING_BYTES, () -> read(tooLong, "00000000 00000000 00000000"));
        assertHits(Limit.AMF_STRING_BYTES, () -> read(CHAT, "09 00000103", tooLong));
        assertHits(Limit.AMF_VALUES, () -> read(CHAT, "01 00000000".repeat(8193)));
    }

    @Test
    void writesNoNameThatItsLengthFieldCannotHold() {
        var message = new SharedObjectMessage("a".repeat(65_536), 0, false, List.of());
        assertThatThrownBy(() -> written(message)).isInstanceOf(IllegalArgumentException.class);
    }
}
