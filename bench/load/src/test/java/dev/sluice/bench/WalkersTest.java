package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvFileWriter;
import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.chunk.ChunkEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WalkersTest {
    /// A message as a sink sees it.
    private record Seen(int type, int known, int length, int firstByte) {}

    private final List<Seen> seen = new ArrayList<>();
    private final MediaSink sink =
            (type, body, known, length) -> seen.add(new Seen(type, known, length, known == 0 ? -1 : body[0] & 0xff));

    private static ByteBuf body(int bytes, int first) {
        var body = Unpooled.buffer(bytes).writeZero(bytes);
        return body.setByte(0, first);
    }

    private static void inPieces(ByteBuf all, long seed, Consumer<ByteBuf> walker) {
        var random = new Random(seed);
        while (all.isReadable()) {
            walker.accept(all.readSlice(Math.min(all.readableBytes(), 1 + random.nextInt(40))));
        }
    }

    /// Every header type, interleaved chunk streams, a larger chunk size on the way, an extended timestamp.
    private static ByteBuf chunks() {
        var encoder = new ChunkEncoder(128);
        var out = Unpooled.buffer();
        encoder.write(out, 4, 0, 8, 1, body(300, 1));
        encoder.write(out, 6, 0, 9, 1, body(1_000, 2));
        encoder.write(out, 4, 23, 8, 1, body(300, 3));
        encoder.write(out, 4, 46, 8, 1, body(300, 4));
        ChunkEncoder.writeType0(out, 2, 0, 1, 0, Unpooled.buffer().writeInt(500), 128);
        encoder.chunkBytes(500);
        encoder.write(out, 6, 33, 9, 1, body(1_200, 5));
        ChunkEncoder.writeType0(out, 6, 0x1_0000_0000L - 5, 9, 1, body(1_300, 6), 500);
        return out;
    }

    @Test
    void aChunkWalkerPassesEveryMessageOnAnySplit() {
        for (int seed = 0; seed < 50; seed++) {
            seen.clear();
            inPieces(chunks(), seed, new ChunkWalker(64, sink)::walk);

            assertThat(seen)
                    .containsExactly(
                            new Seen(8, 64, 300, 1),
                            new Seen(9, 64, 1_000, 2),
                            new Seen(8, 64, 300, 3),
                            new Seen(8, 64, 300, 4),
                            new Seen(1, 4, 4, 0),
                            new Seen(9, 64, 1_200, 5),
                            new Seen(9, 64, 1_300, 6));
        }
    }

    @Test
    void aProbeSeesWholeMessages() {
        new ChunkWalker(1 << 20, sink).walk(chunks());

        assertThat(seen).allSatisfy(message -> assertThat(message.known()).isEqualTo(message.length()));
    }

    @Test
    void aChunkOfNothingBeforeFailsTheViewer() {
        var walker = new ChunkWalker(64, sink);

        assertThatThrownBy(() -> walker.walk(Unpooled.wrappedBuffer(new byte[] {(byte) 0xc6})))
                .isInstanceOf(ViewerFailed.class);
    }

    @Test
    void anFlvWalkerPassesEveryTagOnAnySplit() {
        for (int seed = 0; seed < 50; seed++) {
            seen.clear();
            var file = Unpooled.buffer();
            FlvFileWriter.writeHeader(true, true, file);
            FlvFileWriter.writeTag(new FlvTag(9, 0, Payload.copyOf(body(900, 7))), file);
            FlvFileWriter.writeTag(new FlvTag(8, 23, Payload.copyOf(body(10, 8))), file);

            inPieces(file, seed, new FlvWalker(64, sink)::walk);

            assertThat(seen).containsExactly(new Seen(9, 64, 900, 7), new Seen(8, 10, 10, 8));
        }
    }

    @Test
    void whatIsNoFlvFailsTheViewer() {
        var walker = new FlvWalker(64, sink);

        assertThatThrownBy(() -> walker.walk(Unpooled.wrappedBuffer(new byte[20])))
                .isInstanceOf(ViewerFailed.class)
                .hasMessageContaining("no FLV");
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void anHttpBodyIsTakenOutOfItsChunksOnAnySplit() {
        for (int seed = 0; seed < 50; seed++) {
            var body = new StringBuilder();
            var answer = new HttpAnswer(
                    200, in -> body.append(in.readCharSequence(in.readableBytes(), StandardCharsets.US_ASCII)));

            inPieces(
                    ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10;x=y\r\n"
                            + "0123456789abcdef\r\n1\r\n!\r\n"),
                    seed,
                    answer::receive);

            assertThat(body).hasToString("hello0123456789abcdef!");
        }
    }

    @Test
    void aPlainHttpBodyIsPassedOn() {
        var body = new StringBuilder();
        new HttpAnswer(200, in -> body.append(in.readCharSequence(in.readableBytes(), StandardCharsets.US_ASCII)))
                .receive(ascii("HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nhello"));

        assertThat(body).hasToString("hello");
    }

    @Test
    void anotherStatusFailsTheViewerWithIt() {
        var answer = new HttpAnswer(200, in -> {});

        assertThatThrownBy(() -> answer.receive(ascii("HTTP/1.1 404 Not Found\r\n\r\n")))
                .isInstanceOf(ViewerFailed.class)
                .hasMessageContaining("404 Not Found");
    }

    @Test
    void endlessHeadersAndChunkSizesFailTheViewer() {
        var headers = new HttpAnswer(200, in -> {});
        assertThatThrownBy(() -> headers.receive(ascii("x".repeat(17 << 10)))).isInstanceOf(ViewerFailed.class);

        var chunked = new HttpAnswer(200, in -> {});
        chunked.receive(ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        assertThatThrownBy(() -> chunked.receive(ascii("0".repeat(100)))).isInstanceOf(ViewerFailed.class);
    }
}
