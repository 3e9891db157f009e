package dev.sluice.app.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.rtmp.netty.RtmpServer;
import dev.sluice.rtmp.session.ServerEvent;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// Over loopback, against a server of the library.
class TagSourceTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static RtmpServer server(RtmpChannel.Owner owner) throws IOException {
        return RtmpServer.bind(new InetSocketAddress("127.0.0.1", 0), owner);
    }

    private static void send(RtmpChannel channel, int msid, int mark) {
        channel.sendMedia(msid, MediaKind.VIDEO, mark, Unpooled.wrappedBuffer(new byte[] {0x17, 1, (byte) mark}));
    }

    private static String url(RtmpServer server) {
        return "rtmp://127.0.0.1:" + server.address().getPort() + "/live/x";
    }

    @Test
    void goesOnAtTheServerThatItIsSentTo() throws Exception {
        List<Long> marks = new CopyOnWriteArrayList<>();
        try (var second = server((channel, event) -> {
                    if (event instanceof ServerEvent.Asked asked) {
                        channel.accept(asked.id());
                    }
                    if (event instanceof ServerEvent.PlayAsked play) {
                        send(channel, play.msid(), 2);
                    }
                });
                var first = server((channel, event) -> {
                    if (event instanceof ServerEvent.Asked asked) {
                        channel.accept(asked.id());
                    }
                    if (event instanceof ServerEvent.PlayAsked play) {
                        send(channel, play.msid(), 1);
                        var there = "rtmp://127.0.0.1:" + second.address().getPort() + "/live";
                        assertThat(channel.askToReconnect(there, "moving", 60_000))
                                .isTrue();
                    }
                })) {
            TagSource.read(
                    url(first), LONG, () -> marks.contains(2L), (FlvTag tag, long at) -> marks.add(tag.timestampMs()));
        }
        assertThat(marks).startsWith(1L).contains(2L);
    }

    @Test
    void tellsWhyAServerRefused() throws Exception {
        try (var server = server((channel, event) -> {
            if (event instanceof ServerEvent.PlayAsked asked) {
                channel.refuse(asked.id(), "NetStream.Play.StreamNotFound", "it is not there");
            } else if (event instanceof ServerEvent.Asked asked) {
                channel.accept(asked.id());
            }
        })) {
            assertThatThrownBy(() -> TagSource.read(url(server), LONG, () -> false, (tag, at) -> {}))
                    .isInstanceOf(MediaFailed.class)
                    .hasMessageContaining("it is not there");
        }
    }

    @Test
    void tellsWhatIsWrongWithAnAddressOrAFile() {
        assertThatThrownBy(() -> TagSource.read("rtmp://host", LONG, () -> false, (tag, at) -> {}))
                .isInstanceOf(MediaFailed.class)
                .hasMessageContaining("rtmp://host/live/name");
        assertThatThrownBy(() -> TagSource.read("nothing.flv", LONG, () -> false, (tag, at) -> {}))
                .isInstanceOf(MediaFailed.class)
                .hasMessageContaining("nothing.flv");
    }
}
