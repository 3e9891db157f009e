package dev.sluice.rtmp.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.Split;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkRoundTripTest {
    private static final int AUDIO = 8;
    private static final int VIDEO = 9;

    private final ByteBuf out = Unpooled.buffer();

    private List<RawMessage> decoded(ChunkDecoder decoder, Split split) {
        List<RawMessage> messages = new ArrayList<>();
        for (byte[] part : split.of(ByteBufUtil.getBytes(out))) {
            ByteBuf in = Unpooled.wrappedBuffer(part);
            for (Optional<RawMessage> next = decoder.next(in); next.isPresent(); next = decoder.next(in)) {
                messages.add(next.get());
            }
        }
        return messages;
    }

    private List<RawMessage> decoded(int chunkBytes) {
        return decoded(decoder(chunkBytes), Split.WHOLE);
    }

    private static ChunkDecoder decoder(int chunkBytes) {
        ChunkDecoder decoder = new ChunkDecoder(RtmpLimits.DEFAULTS);
        decoder.admit();
        ByteBuf size = Unpooled.buffer();
        ChunkEncoder.writeType0(size, 2, 0, 1, 0, Unpooled.buffer(4).writeInt(chunkBytes), 128);
        assertThat(decoder.next(size)).isPresent();
        return decoder;
    }

    private static String shown(RawMessage m) {
        return "%d/%d/%d/%d/%s".formatted(m.csid(), m.type(), m.timestampMs(), m.msid(), Hex.of(m.body()));
    }

    private static byte[] body(int bytes, long seed) {
        byte[] body = new byte[bytes];
        new Random(seed).nextBytes(body);
        return body;
    }

    private static ByteBuf wrap(byte[] body) {
        return Unpooled.wrappedBuffer(body);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void decodesWhatItEncoded(long seed) {
        Random random = new Random(seed);
        int chunkBytes = 1 + random.nextInt(seed % 2 == 0 ? 200 : 70_000);
        ChunkEncoder encoder = new ChunkEncoder(chunkBytes);
        List<RawMessage> sent = new ArrayList<>();
        long timestampMs = random.nextInt() & 0xffffffffL;
        for (int i = 0; i < 200; i++) {
            // Equal sizes and steps make type 2 and 3 headers, negative and huge steps the others.
            int step = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(3) * 20 - 5;
            timestampMs = (timestampMs + step) & 0xffffffffL;
            byte[] body = body(random.nextInt(4) == 0 ? random.nextInt(3000) : 64, i);
            RawMessage message = new RawMessage(
                    4 + random.nextInt(3),
                    random.nextBoolean() ? AUDIO : VIDEO,
                    timestampMs,
                    1 + random.nextInt(2),
                    body);
            encoder.write(
                    out, message.csid(), message.timestampMs(), message.type(), message.msid(), wrap(message.body()));
            sent.add(message);
        }
        for (Split split : Split.values()) {
            assertThat(decoded(decoder(chunkBytes), split))
                    .map(ChunkRoundTripTest::shown)
                    .containsExactlyElementsOf(
                            sent.stream().map(ChunkRoundTripTest::shown).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void decodesMessagesInterleavedOnAnyChunkStreams(long seed) {
        Random random = new Random(seed);
        int chunkBytes = 1 + random.nextInt(100);
        List<RawMessage> sent = new ArrayList<>();
        List<ByteBuf> chunks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sent.add(new RawMessage(3 + i, VIDEO, random.nextInt() & 0xffffffffL, 1, body(random.nextInt(2000), i)));
            ByteBuf one = Unpooled.buffer();
            RawMessage m = sent.getLast();
            ChunkEncoder.writeType0(one, m.csid(), m.timestampMs(), m.type(), m.msid(), wrap(m.body()), chunkBytes);
            chunks.add(one);
        }
        List<Integer> headerBytes =
                sent.stream().map(m -> m.timestampMs() >= 0xffffff ? 4 : 0).toList();
        boolean[] started = new boolean[6];
        while (chunks.stream().anyMatch(ByteBuf::isReadable)) {
            int i = random.nextInt(6);
            int header = (started[i] ? 1 : 12) + headerBytes.get(i);
            started[i] = true;
            out.writeBytes(chunks.get(i).readSlice(Math.min(chunks.get(i).readableBytes(), header + chunkBytes)));
        }
        assertThat(decoded(decoder(chunkBytes), Split.RANDOM_2))
                .map(ChunkRoundTripTest::shown)
                .containsExactlyInAnyOrderElementsOf(
                        sent.stream().map(ChunkRoundTripTest::shown).toList());
    }

    @Test
    void neverWritesType3ForANewMessageRightAfterType0() {
        ChunkEncoder encoder = new ChunkEncoder(128);
        for (long timestampMs : new long[] {0, 0, 0, 20, 40, 60}) {
            encoder.write(out, 4, timestampMs, AUDIO, 1, wrap(new byte[1]));
        }
        assertThat(Hex.of(out))
                .isEqualTo("04" + "000000" + "000001" + "08" + "01000000" + "00" + "84" + "000000" + "00" + "c4" + "00"
                        + "84" + "000014" + "00" + "c4" + "00" + "c4" + "00");
    }

    @Test
    void writesAnAbsoluteHeaderWhenTimeGoesBackOrTheMessageStreamChanges() {
        ChunkEncoder encoder = new ChunkEncoder(128);
        encoder.write(out, 4, 100, AUDIO, 1, wrap(new byte[1]));
        encoder.write(out, 4, 99, AUDIO, 1, wrap(new byte[1]));
        encoder.write(out, 4, 99, AUDIO, 2, wrap(new byte[1]));
        assertThat(Hex.of(out))
                .isEqualTo("04000064000001080100000000" + "04000063000001080100000000" + "04000063000001080200000000");
    }

    @Test
    void extendsExactlyFrom16777215On() {
        ChunkEncoder.writeType0(out, 4, 16_777_214, AUDIO, 1, wrap(Hex.bytes("af01aa")), 128);
        ChunkEncoder.writeType0(out, 4, 16_777_215, AUDIO, 1, wrap(Hex.bytes("af01aa")), 128);
        assertThat(Hex.of(out)).isEqualTo("04fffffe0000030801000000af01aa" + "04ffffff000003080100000000ffffffaf01aa");
    }

    @Test
    void repeatsTheExtendedTimestampOnContinuations() {
        ChunkEncoder.writeType0(out, 6, 0x01000000, VIDEO, 1, wrap(Hex.bytes("00010203040506070809")), 4);
        assertThat(Hex.of(out))
                .isEqualTo(Hex.of(Hex.bytes(
                        "06 ffffff 00000a 09 01000000 01000000 00010203 c6 01000000 04050607 c6 01000000 0809")));
    }

    @ParameterizedTest
    @CsvSource({
        "0,128,20",
        "1,128,20",
        "128,128,20",
        "129,128,0",
        "70000,4096,33",
        "200000,65536,40",
        "20000,4096,16777215",
        "300,1,20000000"
    })
    void writesTheSameBytesInPlaceAsFromABuffer(int bodyBytes, int chunkBytes, long deltaMs) {
        byte[] body = body(bodyBytes, 7);
        ByteBuf expected = Unpooled.buffer();
        ChunkEncoder.writeType1(expected, 6, deltaMs, VIDEO, wrap(body), chunkBytes);
        ChunkEncoder.writeType1(out, 6, deltaMs, VIDEO, bodyBytes, chunkBytes, target -> target.writeBytes(body));
        assertThat(ByteBufUtil.getBytes(out)).isEqualTo(ByteBufUtil.getBytes(expected));
        if (deltaMs < 0xffffff) {
            assertThat(out.readableBytes()).isEqualTo(ChunkEncoder.type1Bytes(bodyBytes, chunkBytes));
        }
    }

    @Test
    void writesInPlaceIntoABufferThatHoldsExactlyTheMessage() {
        ByteBuf exact = Unpooled.directBuffer(ChunkEncoder.type1Bytes(1000, 128), ChunkEncoder.type1Bytes(1000, 128));
        try {
            ChunkEncoder.writeType1(exact, 6, 0, VIDEO, 1000, 128, target -> target.writeBytes(new byte[1000]));
            assertThat(exact.isWritable()).isFalse();
        } finally {
            exact.release();
        }
    }

    @Test
    void refusesABodyOfAnotherLengthThanPromised() {
        assertThatThrownBy(() -> ChunkEncoder.writeType1(out, 6, 0, VIDEO, 10, 128, target -> target.writeByte(1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sharedRelativeMessagesFitAnyConnectionAfterItsOwnAbsoluteOne() {
        ByteBuf shared = Unpooled.buffer();
        ChunkEncoder.writeType1(shared, 6, 40, VIDEO, wrap(Hex.bytes("27")), 128);
        ChunkEncoder.writeType1(shared, 6, 40, VIDEO, wrap(Hex.bytes("28")), 128);
        ChunkEncoder.writeType0(out, 6, 1000, VIDEO, 5, wrap(Hex.bytes("17")), 128);
        out.writeBytes(shared);
        assertThat(decoded(128))
                .extracting(RawMessage::timestampMs, RawMessage::msid)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1000L, 5),
                        org.assertj.core.groups.Tuple.tuple(1040L, 5),
                        org.assertj.core.groups.Tuple.tuple(1080L, 5));
    }

    @Test
    void writesOnlyChunkStreamsThatEveryReaderKnows() {
        for (int csid : new int[] {1, 64}) {
            assertThatThrownBy(() -> ChunkEncoder.writeType0(out, csid, 0, AUDIO, 1, wrap(new byte[1]), 128))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
