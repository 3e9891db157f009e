package dev.sluice.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import dev.sluice.rtmp.session.EndCause;
import dev.sluice.rtmp.session.ServerEvent;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Our client and our server over other ways than plain TCP.
@SuppressWarnings("FutureReturnValueIgnored") // the end of a test waits for nobody
class TransportsTest {
    private final IoEventLoopGroup group = IoLoops.create(1, "transports-test");
    private final Queue<ServerEvent> serverSaw = new ConcurrentLinkedQueue<>();
    private final AtomicReference<RtmpChannel> player = new AtomicReference<>();

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void relay(RtmpChannel channel, ServerEvent event) {
        serverSaw.add(event);
        switch (event) {
            case ServerEvent.PlayAsked question -> {
                player.set(channel);
                channel.accept(question.id());
            }
            case ServerEvent.Asked question -> channel.accept(question.id());
            case ServerEvent.Media(int msid, MediaKind kind, long timestampMs, byte[] body) ->
                player.get().sendMedia(1, kind, timestampMs, Unpooled.wrappedBuffer(body));
            default -> {}
        }
    }

    private int serve(Consumer<Channel> init) {
        var bound = new ServerBootstrap()
                .group(group)
                .channel(IoLoops.serverChannel(group))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        init.accept(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .awaitUninterruptibly();
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /// Publishes a hundred messages of all sizes; the player gets them as they were.
    private void publishAndPlay(String address) throws Exception {
        Queue<ClientEvent> playerSaw = new ConcurrentLinkedQueue<>();
        Queue<ClientEvent> publisherSaw = new ConcurrentLinkedQueue<>();
        var url = RtmpUrl.parse(address);
        try (var viewer = RtmpClient.connect(ClientRequest.play(url), (client, event) -> playerSaw.add(event))) {
            await().until(() -> playerSaw.contains(new ClientEvent.Playing()));
            try (var publisher =
                    RtmpClient.connect(ClientRequest.publish(url), (client, event) -> publisherSaw.add(event))) {
                await().until(() -> publisherSaw.contains(new ClientEvent.Publishing()));
                for (int i = 0; i < 100; i++) {
                    byte[] body = new byte[1 + i * 1000];
                    body[0] = (byte) i;
                    publisher.sendMedia(MediaKind.VIDEO, i * 40L, body);
                }
                await().until(() -> mediaIn(playerSaw) == 100);
                publisher.close();
                await().until(() -> serverSaw.contains(new ServerEvent.PublishEnded(1, true)));
                publisher.whenClosed().toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
            assertThat(viewer.isWritable()).isTrue();
        }
        int next = 0;
        for (ClientEvent event : playerSaw) {
            if (event instanceof ClientEvent.Media media) {
                assertThat(media.timestampMs()).isEqualTo(next * 40L);
                assertThat(media.body()).hasSize(1 + next * 1000).startsWith((byte) next);
                next++;
            }
        }
    }

    private static long mediaIn(Queue<ClientEvent> events) {
        return events.stream().filter(ClientEvent.Media.class::isInstance).count();
    }

    @Test
    void publishesAndPlaysOverRtmpe() throws Exception {
        int port = serve(channel -> channel.pipeline().addLast(new RtmpChannel(this::relay).allowScrambling()));
        publishAndPlay("rtmpe://127.0.0.1:" + port + "/live/k");
    }

    @Test
    void aServerThatAllowsRtmpeServesPlainClientsAsWell() throws Exception {
        int port = serve(channel -> channel.pipeline().addLast(new RtmpChannel(this::relay).allowScrambling()));
        publishAndPlay("rtmp://127.0.0.1:" + port + "/live/k");
    }

    @Test
    void aServerThatDoesNotAllowRtmpeEndsTheConnectionAndSaysWhy() {
        int port = serve(channel -> channel.pipeline().addLast(new RtmpChannel(this::relay)));
        Queue<ClientEvent> saw = new ConcurrentLinkedQueue<>();
        var url = RtmpUrl.parse("rtmpe://127.0.0.1:" + port + "/live/k");
        try (var client = RtmpClient.connect(ClientRequest.publish(url), (self, event) -> saw.add(event))) {
            await().until(() -> saw.stream().anyMatch(ClientEvent.Ended.class::isInstance));
            assertThat(client.whenClosed()).isNotNull();
        }
        // the server closes before it tells its owner
        await().until(() -> serverSaw.contains(
                new ServerEvent.Ended(EndCause.HANDSHAKE, "The peer asks for RTMPE, which is off here.")));
    }
}
