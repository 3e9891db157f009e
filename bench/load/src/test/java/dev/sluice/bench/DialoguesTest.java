package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.session.ServerEvent;
import dev.sluice.rtmp.session.ServerSession;
import dev.sluice.rtmp.session.StatusCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DialoguesTest {
    private static final int RUN = 99;

    private final Tally tally = new Tally();
    private final SyntheticStream stream = new SyntheticStream(new LoadShape(1, 500, 30, 2), RUN);

    private Viewing viewing() {
        return new Viewing(tally, RUN, true);
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /// A WebSocket message of the server.
    private static ByteBuf message(int opcode, byte[] body) {
        var frame = Unpooled.buffer().writeByte(0x80 | opcode);
        if (body.length < 126) {
            frame.writeByte(body.length);
        } else {
            frame.writeByte(126).writeShort(body.length);
        }
        return frame.writeBytes(body);
    }

    /// The video frame as a fragment: a `moof` of nothing, and its coded bytes.
    private byte[] fragment(long nowNs) {
        var flv = stream.video(nowNs);
        var box = Unpooled.buffer();
        box.writeInt(24).writeInt(0x6d6f6f66).writeZero(16);
        box.writeInt(8 + flv.length - 5).writeInt(0x6d646174).writeBytes(flv, 5, flv.length - 5);
        var bytes = new byte[box.readableBytes()];
        box.readBytes(bytes);
        return bytes;
    }

    @Test
    void aWebSocketViewerSeesFramesInFragments() throws Exception {
        var dialogue = Protocol.WS_FMP4.dialogue("ws://h/live/a.mp4?x=1", viewing());
        assertThat(dialogue.takeOutput().toString(StandardCharsets.US_ASCII))
                .startsWith("GET /live/a.mp4?x=1 HTTP/1.1\r\nHost: h\r\n")
                .contains("Upgrade: websocket");

        dialogue.receive(ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"), 1);
        dialogue.receive(message(1, "{\"type\":\"init\"}".getBytes(StandardCharsets.US_ASCII)), 2);
        dialogue.receive(message(2, fragment(3_000_000)), 5_000_000);
        var second = message(2, fragment(6_000_000));
        dialogue.receive(second.readSlice(100), 6_500_000);
        dialogue.receive(second, 8_000_000);

        var seen = tally.snapshot();
        assertThat(seen.frames()).isEqualTo(2);
        assertThat(seen.corrupt()).isZero();
        assertThat(seen.joinsNs().total()).isEqualTo(1);
        assertThat(seen.delaysNs().quantile(1) / 1e6).isBetween(1.9, 2.1);
    }

    @Test
    void aWebSocketViewerAnswersAPingAndTellsWhyItWasClosed() throws Exception {
        var dialogue = Protocol.WS_FMP4.dialogue("ws://h/a.mp4", viewing());
        dialogue.takeOutput();
        dialogue.receive(ascii("HTTP/1.1 101 Switching Protocols\r\n\r\n"), 1);

        dialogue.receive(message(9, new byte[] {1, 2}), 2);
        assertThat(dialogue.takeOutput())
                .isEqualTo(Unpooled.wrappedBuffer(new byte[] {(byte) 0x8a, (byte) 0x82, 0, 0, 0, 0, 1, 2}));
        assertThatThrownBy(() -> dialogue.receive(message(8, new byte[] {3, (byte) 0xe8, 'b', 'y', 'e'}), 3))
                .isInstanceOf(ViewerFailed.class)
                .hasMessageContaining("bye");
    }

    /// What the session says goes to the viewer, and back, until both are silent.
    private static void talk(Dialogue viewer, ServerSession server, Consumer<ServerEvent> events) {
        for (int i = 0; i < 20; i++) {
            server.receive(viewer.takeOutput(), 0, events);
            viewer.receive(server.takeOutput(), 9_000_000);
        }
    }

    @Test
    void anRtmpViewerBeginsAsAClientAndThenOnlyWalks() throws Exception {
        var server = new ServerSession(RtmpLimits.DEFAULTS, 4096);
        var viewer = Protocol.RTMP.dialogue("rtmp://h/live/a", viewing());
        viewer.start();
        talk(viewer, server, event -> {
            if (event instanceof ServerEvent.Asked asked) {
                server.accept(asked.id());
            }
        });
        server.sendMedia(1, MediaKind.VIDEO, 0, Unpooled.wrappedBuffer(stream.videoHeader()));
        for (int i = 0; i < 5; i++) {
            server.sendMedia(1, MediaKind.VIDEO, 33 * i, Unpooled.wrappedBuffer(stream.video(4_000_000)));
            talk(viewer, server, event -> {});
        }

        var seen = tally.snapshot();
        assertThat(seen.frames()).isEqualTo(5);
        assertThat(seen.corrupt() + seen.lost()).isZero();
        assertThat(seen.live()).isEqualTo(1);
        assertThat(seen.delaysNs().quantile(0.5) / 1e6).isBetween(4.9, 5.1);
    }

    @Test
    void aRefusedRtmpViewerTellsWhy() throws Exception {
        var server = new ServerSession(RtmpLimits.DEFAULTS, 4096);
        var viewer = Protocol.RTMP.dialogue("rtmp://h/live/a", viewing());
        viewer.start();

        assertThatThrownBy(() -> talk(viewer, server, event -> {
                    switch (event) {
                        case ServerEvent.PlayAsked play ->
                            server.refuse(play.id(), StatusCode.PLAY_STREAM_NOT_FOUND, "no such stream");
                        case ServerEvent.Asked other -> server.accept(other.id());
                        default -> {}
                    }
                }))
                .isInstanceOf(ViewerFailed.class)
                .hasMessageContaining("no such stream");
    }
}
