package dev.sluice.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.session.AdobeLogin;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import dev.sluice.rtmp.session.EndCause;
import dev.sluice.rtmp.session.ServerEvent;
import dev.sluice.rtmp.session.StatusCode;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LoopbackTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Queue<ServerEvent> serverSaw = new ConcurrentLinkedQueue<>();
    private final AtomicReference<RtmpChannel> player = new AtomicReference<>();

    /// Accepts everybody, and passes the media of any publisher on to the one player.
    private void relay(RtmpChannel channel, ServerEvent event) {
        serverSaw.add(event);
        switch (event) {
            case ServerEvent.PlayAsked question -> {
                player.set(channel);
                channel.accept(question.id());
            }
            case ServerEvent.Asked question -> channel.accept(question.id());
            case ServerEvent.Media media -> {
                RtmpChannel to = player.get();
                to.channel()
                        .eventLoop()
                        .execute(() -> to.sendMedia(
                                1, media.kind(), media.timestampMs(), Unpooled.wrappedBuffer(media.body())));
            }
            default -> {}
        }
    }

    private static ClientRequest request(RtmpServer server, ClientRequest.Action action) {
        RtmpUrl url = RtmpUrl.parse("rtmp://127.0.0.1:" + server.address().getPort() + "/live/k");
        return action == ClientRequest.Action.PUBLISH ? ClientRequest.publish(url) : ClientRequest.play(url);
    }

    @Test
    void closingAndSendingAfterTheEndDoNoHarm() throws Exception {
        try (RtmpServer server = RtmpServer.bind(LOOPBACK, this::relay)) {
            Queue<ClientEvent> saw = new ConcurrentLinkedQueue<>();
            RtmpClient client =
                    RtmpClient.connect(request(server, ClientRequest.Action.PUBLISH), (self, event) -> saw.add(event));
            await().until(() -> saw.contains(new ClientEvent.Publishing()));
            client.close();
            client.whenClosed().toCompletableFuture().get(30, TimeUnit.SECONDS);
            await().untilAsserted(() -> {
                client.close();
                client.sendMedia(MediaKind.AUDIO, 0, new byte[] {1});
                assertThat(client.loopHasEnded()).isTrue();
            });
            client.close();
            client.sendMedia(MediaKind.AUDIO, 0, new byte[] {1});
        }
    }

    @Test
    void oneClientPublishesAndAnotherPlays() throws Exception {
        Queue<ClientEvent> playerSaw = new ConcurrentLinkedQueue<>();
        Queue<ClientEvent> publisherSaw = new ConcurrentLinkedQueue<>();
        try (RtmpServer server = RtmpServer.bind(LOOPBACK, this::relay);
                RtmpClient viewer = RtmpClient.connect(
                        request(server, ClientRequest.Action.PLAY), (client, event) -> playerSaw.add(event))) {
            await().until(() -> playerSaw.contains(new ClientEvent.Playing()));
            RtmpClient publisher = RtmpClient.connect(
                    request(server, ClientRequest.Action.PUBLISH), (client, event) -> publisherSaw.add(event));
            await().until(() -> publisherSaw.contains(new ClientEvent.Publishing()));
            for (int i = 0; i < 100; i++) {
                byte[] body = new byte[1 + i * 1000];
                body[0] = (byte) i;
                publisher.sendMedia(MediaKind.VIDEO, i * 40L, body);
            }
            await().until(() -> playerSaw.stream()
                            .filter(ClientEvent.Media.class::isInstance)
                            .count()
                    == 100);
            publisher.close();
            await().until(() -> serverSaw.contains(new ServerEvent.PublishEnded(1, true)));
            publisher.whenClosed().toCompletableFuture().get(30, TimeUnit.SECONDS);
            int next = 0;
            for (ClientEvent event : playerSaw) {
                if (event instanceof ClientEvent.Media media) {
                    assertThat(media.timestampMs()).isEqualTo(next * 40L);
                    assertThat(media.body()).hasSize(1 + next * 1000).startsWith((byte) next);
                    next++;
                }
            }
        }
        assertThat(publisherSaw).endsWith(new ClientEvent.Ended(EndCause.CLOSED, "closed"));
    }

    /// Wants user `u` with password `p` in every connect.
    private RtmpServer serverWithLogin() throws IOException {
        AdobeLogin login = new AdobeLogin();
        return RtmpServer.bind(LOOPBACK, (channel, event) -> {
            if (!(event instanceof ServerEvent.ConnectAsked asked)) {
                relay(channel, event);
                return;
            }
            serverSaw.add(event);
            switch (login.next(asked.app(), System.nanoTime())) {
                case AdobeLogin.Refusal(String why) -> channel.refuse(asked.id(), StatusCode.CONNECT_REJECTED, why);
                case AdobeLogin.Answer(String user, var proves)
                when user.equals("u") && proves.test("p") -> channel.accept(asked.id());
                case AdobeLogin.Answer answer ->
                    channel.refuse(
                            asked.id(),
                            StatusCode.CONNECT_REJECTED,
                            login.failed().description());
            }
        });
    }

    private Queue<ClientEvent> publishAs(RtmpServer server, String login) {
        Queue<ClientEvent> saw = new ConcurrentLinkedQueue<>();
        int port = server.address().getPort();
        RtmpUrl url = RtmpUrl.parse("rtmp://" + login + "@127.0.0.1:" + port + "/live/k");
        RtmpClient client = RtmpClient.connect(ClientRequest.publish(url), (c, event) -> {
            saw.add(event);
            if (event instanceof ClientEvent.Publishing) {
                c.close();
            }
        });
        await().until(() -> client.whenClosed().toCompletableFuture().isDone());
        return saw;
    }

    @Test
    void aClientLogsInWithinThreeConnections() throws IOException {
        try (RtmpServer server = serverWithLogin()) {
            assertThat(publishAs(server, "u:p"))
                    .contains(new ClientEvent.Publishing())
                    .noneMatch(ClientEvent.ComeAgain.class::isInstance);
            assertThat(serverSaw.stream().filter(ServerEvent.ConnectAsked.class::isInstance))
                    .hasSize(3);
        }
    }

    @Test
    void aWrongPasswordIsRefusedOnceAndForAll() throws IOException {
        try (RtmpServer server = serverWithLogin()) {
            assertThat(publishAs(server, "u:wrong"))
                    .hasSize(2)
                    .first()
                    .isInstanceOfSatisfying(
                            ClientEvent.Status.class,
                            status -> assertThat(status.description()).contains("authfailed"));
            assertThat(serverSaw.stream().filter(ServerEvent.ConnectAsked.class::isInstance))
                    .hasSize(3);
        }
    }

    @Test
    void aServerThatSendsAClientInCirclesLosesItAfterFiveRounds() throws IOException {
        try (RtmpServer server = RtmpServer.bind(LOOPBACK, (channel, event) -> {
            serverSaw.add(event);
            if (event instanceof ServerEvent.ConnectAsked asked) {
                channel.redirect(asked.id(), "/live", "Moved.");
            }
        })) {
            assertThat(publishAs(server, "u:p")).last().isInstanceOf(ClientEvent.Ended.class);
            assertThat(serverSaw.stream().filter(ServerEvent.ConnectAsked.class::isInstance))
                    .hasSize(6);
        }
    }

    @Test
    void aClientLearnsThatNobodyListens()
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        RtmpServer server = RtmpServer.bind(LOOPBACK, this::relay);
        ClientRequest request = request(server, ClientRequest.Action.PLAY);
        server.close();
        Queue<ClientEvent> saw = new ConcurrentLinkedQueue<>();
        RtmpClient client = RtmpClient.connect(request, (c, event) -> saw.add(event));
        client.whenClosed().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(saw).singleElement().isInstanceOfSatisfying(ClientEvent.Ended.class, ended -> {
            assertThat(ended.cause()).isEqualTo(EndCause.PEER_CLOSED);
            assertThat(ended.reason()).startsWith("cannot connect");
        });
    }

    @Test
    void saysWhichHostDoesNotExist() throws Exception {
        Queue<ClientEvent> saw = new ConcurrentLinkedQueue<>();
        String impossible = "x".repeat(64); // one letter too long: no name server is asked
        RtmpUrl nowhere = RtmpUrl.parse("rtmp://" + impossible + "/live/k");
        RtmpClient client = RtmpClient.connect(ClientRequest.publish(nowhere), (c, event) -> saw.add(event));
        client.whenClosed().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(saw)
                .containsExactly(new ClientEvent.Ended(EndCause.PEER_CLOSED, "cannot connect: no host " + impossible));
    }

    @Test
    void aServerThatStopsSaysGoodbye() throws IOException {
        Queue<ClientEvent> saw = new ConcurrentLinkedQueue<>();
        RtmpServer server = RtmpServer.bind(LOOPBACK, this::relay);
        RtmpClient.connect(request(server, ClientRequest.Action.PUBLISH), (c, event) -> saw.add(event));
        await().until(() -> saw.contains(new ClientEvent.Publishing()));
        server.close();
        await().until(() -> saw.contains(new ClientEvent.Ended(EndCause.PEER_CLOSED, "the server said goodbye")));
        assertThat(serverSaw)
                .endsWith(
                        new ServerEvent.PublishEnded(1, false),
                        new ServerEvent.Ended(EndCause.CLOSED, "server stopped"));
    }

    @Test
    void aTakenPortIsAnErrorThatNamesIt() throws IOException {
        try (RtmpServer server = RtmpServer.bind(LOOPBACK, this::relay)) {
            assertThatThrownBy(() -> RtmpServer.bind(server.address(), this::relay))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(String.valueOf(server.address().getPort()));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void usesEpollOnLinux() {
        assertThat(Epoll.isAvailable()).isTrue();
        try (var group = IoLoops.create(1, "test")) {
            assertThat(IoLoops.serverChannel(group)).isEqualTo(EpollServerSocketChannel.class);
        }
    }
}
