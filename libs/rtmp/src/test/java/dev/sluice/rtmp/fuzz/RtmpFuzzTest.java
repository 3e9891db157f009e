package dev.sluice.rtmp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.Amf0Reader;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.chunk.ChunkDecoder;
import dev.sluice.rtmp.chunk.RawMessage;
import dev.sluice.rtmp.handshake.ClientHandshake;
import dev.sluice.rtmp.handshake.HandshakeForm;
import dev.sluice.rtmp.handshake.ServerHandshake;
import dev.sluice.rtmp.message.DataBody;
import dev.sluice.rtmp.message.MessageReader;
import dev.sluice.rtmp.session.AdobeLogin;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import dev.sluice.rtmp.session.ClientSession;
import dev.sluice.rtmp.session.ServerEvent;
import dev.sluice.rtmp.session.ServerSession;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// One fuzz target for every decoder of this module. Without `JAZZER_FUZZ=1` they only run their seeds. Whatever the
/// bytes: an answer, or [RtmpException]; never more memory than the limits say.
class RtmpFuzzTest {
    private static final RtmpLimits LIMITS = RtmpLimits.DEFAULTS;

    /// For what was read once: invalid text takes three times as many bytes when it is written.
    private static final RtmpLimits GENEROUS = new RtmpLimits(
            LIMITS.beforeAdmission(),
            LIMITS.messages(),
            LIMITS.chunks(),
            LIMITS.rates(),
            new RtmpLimits.Amf(64, 1 << 20, 1 << 16, 1 << 16, 1 << 20, 1 << 24, 1 << 16),
            LIMITS.names(),
            LIMITS.streams(),
            LIMITS.calls());

    /// However the bytes are cut, the same messages come out of them.
    @FuzzTest(maxDuration = "10m")
    void chunkDecoder(byte[] bytes) {
        assertThat(messages(bytes, 1)).isEqualTo(messages(bytes, Math.max(1, bytes.length)));
    }

    private static List<String> messages(byte[] bytes, int step) {
        var decoder = new ChunkDecoder(LIMITS);
        decoder.admit();
        var messages = new ArrayList<String>();
        var unread = Unpooled.buffer();
        try {
            for (int at = 0; at < bytes.length; at += step) {
                unread.writeBytes(bytes, at, Math.min(step, bytes.length - at));
                for (var raw = decoder.next(unread); raw.isPresent(); raw = decoder.next(unread)) {
                    messages.add(describe(raw.get()));
                }
                assertThat(decoder.heldBytes())
                        .isLessThanOrEqualTo(LIMITS.chunks().partialBytes() + 64 * 1024);
            }
        } catch (RtmpException expected) {
            messages.add(expected.kind().name());
        }
        return messages;
    }

    private static String describe(RawMessage raw) {
        assertThat(raw.timestampMs()).isBetween(0L, 0xffff_ffffL);
        return raw.csid() + "/" + raw.type() + "/" + raw.timestampMs() + "/" + raw.msid() + "/"
                + HexFormat.of().formatHex(raw.body());
    }

    /// The first byte is the type.
    @FuzzTest(maxDuration = "10m")
    void messageReader(byte[] bytes) {
        if (bytes.length > 0) {
            var body = java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
            attempt(() -> new MessageReader(LIMITS).read(new RawMessage(3, bytes[0] & 0x1f, 0, 1, body)));
        }
    }

    /// What is read can be written and is then read the same.
    @FuzzTest(maxDuration = "10m")
    void amf0(byte[] bytes) {
        attempt(() -> {
            var values = Amf0.decode(bytes, 0, LIMITS.amf());
            var again = Amf0.encode(values.toArray(AmfValue[]::new));
            assertThat(Amf0.encode(Amf0.decode(
                                    again,
                                    0,
                                    new RtmpLimits.Amf(64, 1 << 20, 1 << 16, 1 << 16, 1 << 20, 1 << 20, 1 << 16))
                            .toArray(AmfValue[]::new)))
                    .isEqualTo(again);
        });
        attempt(() -> DataBody.read(bytes, LIMITS.amf()));
    }

    /// One value of AMF3 behind the other; written as AMF3 it is read the same.
    @FuzzTest(maxDuration = "10m")
    void amf3(byte[] bytes) {
        var marked = Unpooled.buffer().writeByte(0x11).writeBytes(bytes);
        attempt(() -> {
            var value = Amf0Reader.ofData(ByteBufUtil.getBytes(marked), 0, LIMITS.amf())
                    .next();
            var written = Unpooled.buffer();
            Amf0.writeAmf3(written, value);
            var again = Unpooled.buffer();
            Amf0.writeAmf3(
                    again,
                    Amf0Reader.ofData(
                                    ByteBufUtil.getBytes(written),
                                    0,
                                    new RtmpLimits.Amf(64, 1 << 20, 1 << 16, 1 << 16, 1 << 20, 1 << 24, 1 << 16))
                            .next());
            assertThat(ByteBufUtil.hexDump(again)).isEqualTo(ByteBufUtil.hexDump(written));
        });
    }

    /// What is read can be written, is no larger than the limits say, and is then read the same.
    @FuzzTest(maxDuration = "10m")
    void sharedObject(byte[] bytes) {
        attempt(() -> {
            var message = SharedObjectMessage.read(bytes, LIMITS);
            var out = Unpooled.buffer();
            message.writeTo(out);
            assertThat(out.readableBytes())
                    .isLessThanOrEqualTo(64
                            + LIMITS.messages().commandBytes()
                            + 32 * message.events().size());
            assertThat(SharedObjectMessage.read(ByteBufUtil.getBytes(out), GENEROUS))
                    .isEqualTo(message);
        });
    }

    @FuzzTest(maxDuration = "10m")
    void handshakes(byte[] bytes) {
        attempt(() ->
                new ServerHandshake(new SplittableRandom(1)).receive(Unpooled.wrappedBuffer(bytes), Unpooled.buffer()));
        for (var form : HandshakeForm.values()) {
            attempt(() -> {
                var client = new ClientHandshake(new SplittableRandom(1), form);
                client.start(Unpooled.buffer());
                if (client.receive(Unpooled.wrappedBuffer(bytes), Unpooled.buffer())) {
                    client.serverSignedWell();
                }
            });
        }
    }

    /// A client that has shaken hands and says anything: at most one end, and a stranger stays small.
    @FuzzTest(maxDuration = "10m")
    void serverSession(byte[] bytes) {
        var session = new ServerSession();
        var ends = new ArrayList<ServerEvent.Ended>();
        session.shareObjects();
        session.receive(handshake(), 0, event -> {});
        var in = Unpooled.copiedBuffer(bytes);
        for (int turn = 0; turn < 1_000 && (in.isReadable() || turn == 0) && !session.isClosing(); turn++) {
            int before = in.readableBytes();
            session.receive(in, turn * 1_000_000L, event -> {
                switch (event) {
                    case ServerEvent.Ended ended -> ends.add(ended);
                    case ServerEvent.Asked asked -> session.accept(asked.id());
                    default -> {}
                }
            });
            session.takeOutput();
            if (in.readableBytes() == before) {
                break;
            }
        }
        assertThat(ends).hasSizeLessThanOrEqualTo(1);
        assertThat(session.heldBytes()).isLessThanOrEqualTo(LIMITS.chunks().partialBytes() + 64 * 1024);
    }

    /// A server that has shaken hands and says anything.
    @FuzzTest(maxDuration = "10m")
    void clientSession(byte[] bytes) {
        var url = RtmpUrl.parse("rtmp://u:p@127.0.0.1/live/x");
        for (var request : List.of(ClientRequest.publish(url), ClientRequest.play(url))) {
            var session = new ClientSession(request, LIMITS);
            var ends = new ArrayList<ClientEvent.Ended>();
            session.start();
            session.receive(handshake(), 0, event -> {});
            session.receive(Unpooled.copiedBuffer(bytes), 1, event -> {
                if (event instanceof ClientEvent.Ended ended) {
                    ends.add(ended);
                }
            });
            session.takeOutput();
            assertThat(ends).hasSizeLessThanOrEqualTo(1);
        }
    }

    private static io.netty.buffer.ByteBuf handshake() {
        var bytes = new byte[1 + 2 * 1536];
        bytes[0] = 3;
        return Unpooled.wrappedBuffer(bytes);
    }

    /// Three lines: `tcUrl`, application, stream. Whatever passes is a name that fits a path.
    @FuzzTest(maxDuration = "10m")
    void names(byte[] bytes) {
        var parts = new String(bytes, StandardCharsets.UTF_8).split("\n", 3);
        if (parts.length == 3) {
            var path = StreamPath.of(parts[0], parts[1], parts[2]);
            if (path.problem().isEmpty()) {
                assertThat(path.app() + "/" + path.name())
                        .doesNotContain("..", "//", "\\", "\0", "%")
                        .doesNotStartWith("/");
            }
            new AdobeLogin().next(parts[1], 0);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void urls(byte[] bytes) {
        var text = "rtmp://" + new String(bytes, StandardCharsets.UTF_8);
        Optional<RtmpUrl> url;
        try {
            url = Optional.of(RtmpUrl.parse(text));
        } catch (IllegalArgumentException expected) {
            url = Optional.empty();
        }
        url.ifPresent(parsed -> assertThat(parsed.port()).isBetween(1, 65_535));
    }

    private static void attempt(Runnable decoder) {
        try {
            decoder.run();
        } catch (RtmpException expected) {
            assertThat(expected.getStackTrace()).isEmpty();
        }
    }
}
