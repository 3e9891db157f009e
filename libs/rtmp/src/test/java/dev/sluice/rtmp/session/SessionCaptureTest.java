package dev.sluice.rtmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.MediaKind;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What real clients sent, recorded between them and a server: whole, byte by byte, cut at random, and cut
/// off. What was expected stands beside each recording in readable form; `-Dsluice.update=true` writes it
/// anew.
class SessionCaptureTest {
    private static final Path VECTORS = Path.of("src/test/resources/vectors");

    /// What one kind of media amounts to.
    private static final class Sum {
        private long messages;
        private long bytes;
        private long firstMs = -1;
        private long lastMs;
        private final CRC32 crc = new CRC32();

        void add(ServerEvent.Media media) {
            firstMs = firstMs < 0 ? media.timestampMs() : firstMs;
            lastMs = media.timestampMs();
            messages++;
            bytes += media.body().length;
            crc.update(media.body());
        }

        @Override
        public String toString() {
            return "%d messages, %d bytes, %d..%d ms, crc %08x"
                    .formatted(messages, bytes, firstMs, lastMs, crc.getValue());
        }
    }

    private static byte[] capture(String name) {
        try {
            return Files.readAllBytes(VECTORS.resolve(name + ".bin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Plays a recording in pieces; every question is answered yes.
    private static List<String> play(byte[] bytes, java.util.function.IntUnaryOperator pieceAt) {
        var session = new ServerSession();
        var told = new ArrayList<String>();
        Map<MediaKind, Sum> sums = new EnumMap<>(MediaKind.class);
        var unread = Unpooled.buffer();
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(pieceAt.applyAsInt(at), bytes.length - at);
            unread.writeBytes(bytes, at, piece);
            at += piece;
            long nowNs = at * 100_000L; // a recording that is fed at once is no flood
            session.receive(unread, nowNs, event -> tell(event, session, told, sums));
            session.takeOutput();
            unread.discardReadBytes();
        }
        session.end(EndCause.PEER_CLOSED, "the recording ends", event -> tell(event, session, told, sums));
        sums.forEach((kind, sum) -> told.add(kind + " " + sum));
        return told;
    }

    private static void tell(ServerEvent event, ServerSession session, List<String> told, Map<MediaKind, Sum> sums) {
        switch (event) {
            case ServerEvent.ConnectAsked asked -> {
                told.add("connect app=%s flashVer=%s publisher=%s codecs=%s"
                        .formatted(
                                asked.app(),
                                asked.flashVer(),
                                asked.publisher(),
                                asked.capabilities().saysCodecs()));
                session.accept(asked.id());
            }
            case ServerEvent.PublishAsked asked -> {
                told.add("publish %s as %s on %d".formatted(asked.path(), asked.type(), asked.msid()));
                session.accept(asked.id());
            }
            case ServerEvent.PlayAsked asked -> {
                told.add("play %s from %d on %d".formatted(asked.path(), asked.startMs(), asked.msid()));
                session.accept(asked.id());
            }
            case ServerEvent.Media media ->
                sums.computeIfAbsent(media.kind(), kind -> new Sum()).add(media);
            case ServerEvent.Ended(EndCause cause, String reason) -> told.add("ended " + cause);
            default -> told.add(event.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "obs-29-publish",
                "ffmpeg-5.1-publish",
                "ffmpeg-8.0.1-multitrack-publish",
                "gstreamer-1.22-rtmp2sink-publish",
                "gstreamer-1.22-rtmpsink-publish",
                "rtmpdump-2.4-play",
                "ffmpeg-8.0.1-play"
            })
    void isUnderstoodHoweverTheNetworkCuts(String name) throws IOException {
        var bytes = capture(name);
        var whole = play(bytes, at -> bytes.length);
        var expected = VECTORS.resolve(name + ".expect");
        if (Boolean.getBoolean("sluice.update")) {
            Files.writeString(expected, String.join("\n", whole) + "\n");
        }
        assertThat(whole).isEqualTo(Files.readAllLines(expected, StandardCharsets.UTF_8));
        assertThat(play(bytes, at -> 1)).as("byte by byte").isEqualTo(whole);
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            assertThat(play(bytes, at -> 1 + random.nextInt(random.nextBoolean() ? 4 : 4_000)))
                    .as("cut with seed " + seed)
                    .isEqualTo(whole);
        }
        for (int length = 0; length < bytes.length; length += 1 + bytes.length / 300) {
            var start = Arrays.copyOf(bytes, length);
            assertThat(play(start, at -> start.length).stream().filter(line -> line.startsWith("ended")))
                    .as("cut off after " + length)
                    .containsExactly("ended PEER_CLOSED");
        }
    }
}
