package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvFileWriter;
import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.rtmp.netty.RtmpServer;
import dev.sluice.rtmp.session.ServerEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoPublisherTest {
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<ServerEvent.Media> media = new CopyOnWriteArrayList<>();
    private final List<Boolean> cleanEnds = new CopyOnWriteArrayList<>();
    private final AtomicInteger published = new AtomicInteger();
    private int framesUntilCut = Integer.MAX_VALUE;

    /// Three video and three audio frames in 60 ms, behind their configurations.
    private static DemoClip shortClip() throws IOException {
        var file = Unpooled.buffer();
        FlvFileWriter.writeHeader(true, true, file);
        write(file, FlvTag.SCRIPT, 0, 2, 0, 1, 'x');
        write(file, FlvTag.VIDEO, 0, 0x17, 0, 0, 0, 0);
        write(file, FlvTag.AUDIO, 0, 0xaf, 0, 0x11, 0x90);
        for (int i = 0; i < 3; i++) {
            write(file, FlvTag.VIDEO, i * 20L, i == 0 ? 0x17 : 0x27, 1, 0, 0, 0, i);
            write(file, FlvTag.AUDIO, i * 20L, 0xaf, 1, i);
        }
        write(file, FlvTag.VIDEO, 40, 0x17, 2, 0, 0, 0);
        return DemoClip.read(new ByteArrayInputStream(file.array(), 0, file.readableBytes()), 60);
    }

    private static void write(ByteBuf file, int type, long timestampMs, int... body) {
        var bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        FlvFileWriter.writeTag(new FlvTag(type, timestampMs, Payload.of(bytes)), file);
    }

    private RtmpServer server() throws IOException {
        return RtmpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::onEvent);
    }

    private void onEvent(RtmpChannel channel, ServerEvent event) {
        switch (event) {
            case ServerEvent.PublishAsked asked -> {
                published.incrementAndGet();
                channel.accept(asked.id());
            }
            case ServerEvent.Asked asked -> channel.accept(asked.id());
            case ServerEvent.Media one -> {
                media.add(one);
                if (media.size() == framesUntilCut) {
                    channel.channel().close().addListener(closed -> {});
                }
            }
            case ServerEvent.PublishEnded ended -> cleanEnds.add(ended.clean());
            case ServerEvent.PlayEnded ignored -> {}
            case ServerEvent.PauseChanged ignored -> {}
            case ServerEvent.ReceiveChanged ignored -> {}
            case ServerEvent.SharedObject ignored -> {}
            case ServerEvent.LimitHit ignored -> {}
            case ServerEvent.CallEnded ignored -> {}
            case ServerEvent.Ended ignored -> {}
        }
    }

    private static RtmpUrl url(RtmpServer server) {
        return RtmpUrl.parse("rtmp://127.0.0.1:" + server.address().getPort() + "/live/demo");
    }

    @Test
    void sendsHeadersOnceAndFramesOnOneClockOverLoops() throws Exception {
        try (var server = server();
                var publisher = DemoPublisher.start(shortClip(), url(server), SOON)) {
            assertThat(publisher.awaitLive(LIMIT)).isTrue();
            await().atMost(LIMIT).until(() -> media.size() >= 3 + 4 * 6);
        }
        assertThat(media.getFirst().kind()).isEqualTo(MediaKind.DATA);
        assertThat(new String(media.getFirst().body(), StandardCharsets.US_ASCII))
                .contains("@setDataFrame");
        assertThat(media.get(1).body()[1]).isZero();
        assertThat(media.get(2).body()[1]).isZero();
        var video = media.stream()
                .skip(3)
                .filter(one -> one.kind() == MediaKind.VIDEO)
                .toList();
        assertThat(video).allSatisfy(frame -> assertThat(frame.body()[1]).isEqualTo((byte) 1));
        for (int i = 0; i < video.size(); i++) {
            assertThat(video.get(i).timestampMs()).isEqualTo(i * 20L);
        }
    }

    @Test
    void keepsToTheClock() throws Exception {
        long startNs = System.nanoTime();
        try (var server = server();
                var publisher = DemoPublisher.start(shortClip(), url(server), SOON)) {
            assertThat(publisher.awaitLive(LIMIT)).isTrue();
            await().atMost(LIMIT).until(() -> media.size() >= 3 + 5 * 6);
        }
        assertThat(System.nanoTime() - startNs).isGreaterThan(280_000_000L); // the 30th frame is due after 280 ms
    }

    @Test
    void comesBackWhenItWasCutOff() throws Exception {
        framesUntilCut = 7;
        try (var server = server();
                var publisher = DemoPublisher.start(shortClip(), url(server), SOON)) {
            assertThat(publisher.awaitLive(LIMIT)).isTrue();
            await().atMost(LIMIT).until(() -> published.get() == 2 && media.size() > 12);
        }
        assertThat(media.stream().filter(one -> one.kind() == MediaKind.DATA)).hasSize(2);
    }

    @Test
    void waitsForAServerThatIsNotThereYet() throws Exception {
        RtmpUrl url;
        InetSocketAddress address;
        try (var gone = server()) {
            address = gone.address();
            url = url(gone);
        }
        try (var publisher = DemoPublisher.start(shortClip(), url, SOON)) {
            assertThat(publisher.awaitLive(Duration.ofMillis(100))).isFalse();
            try (var server = RtmpServer.bind(address, this::onEvent)) {
                assertThat(publisher.awaitLive(LIMIT)).isTrue();
            }
        }
    }

    @Test
    void saysGoodbyeWhenItEnds() throws Exception {
        try (var server = server()) {
            try (var publisher = DemoPublisher.start(shortClip(), url(server), SOON)) {
                assertThat(publisher.awaitLive(LIMIT)).isTrue();
            }
            await().atMost(LIMIT).until(() -> !cleanEnds.isEmpty());
            assertThat(cleanEnds).containsExactly(true);
        }
    }
}
