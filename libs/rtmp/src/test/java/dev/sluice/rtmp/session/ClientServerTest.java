package dev.sluice.rtmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.Split;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.handshake.HandshakeForm;
import dev.sluice.rtmp.message.DataBody;
import dev.sluice.rtmp.message.RtmpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientServerTest {
    private static final RtmpUrl URL = RtmpUrl.parse("rtmp://h/live/k?key=SECRET");

    private final ServerSession server = new ServerSession();
    private final List<ServerEvent> serverSaw = new ArrayList<>();
    private final ByteBuf raw = Unpooled.buffer();
    private final List<ClientEvent> clientSaw = new ArrayList<>();
    private Consumer<ServerEvent> decision = event -> {
        if (event instanceof ServerEvent.Asked question) {
            this.server.accept(question.id());
        }
    };

    private ClientSession client(ClientRequest request) {
        ClientSession client = new ClientSession(request, RtmpLimits.DEFAULTS);
        client.start();
        return client;
    }

    private void serverEvent(ServerEvent event) {
        serverSaw.add(event);
        decision.accept(event);
    }

    /// Carries bytes both ways until nobody has anything to say.
    private void talk(ClientSession client, Split split) {
        while (true) {
            byte[] up = ByteBufUtil.getBytes(client.takeOutput());
            split.of(up).forEach(part -> server.receive(Unpooled.wrappedBuffer(part), 0, this::serverEvent));
            byte[] down = ByteBufUtil.getBytes(server.takeOutput());
            split.of(down).forEach(part -> client.receive(Unpooled.wrappedBuffer(part), 0, clientSaw::add));
            if (up.length + down.length == 0) {
                return;
            }
        }
    }

    private static ByteBuf wrap(String hex) {
        return Unpooled.wrappedBuffer(Hex.bytes(hex));
    }

    @Test
    void aServerThatCallsAClientIsAnswered() {
        ClientSession client = client(ClientRequest.play(URL));
        talk(client, Split.WHOLE);
        server.call("unheardOf", List.of(), 0, this::serverEvent);
        server.call("_onbwcheck", List.of(), 0, this::serverEvent);
        talk(client, Split.WHOLE);
        assertThat(serverSaw)
                .filteredOn(ServerEvent.CallEnded.class::isInstance)
                .extracting(event -> ((ServerEvent.CallEnded) event).outcome())
                .containsExactly(ServerEvent.CallOutcome.ERROR, ServerEvent.CallOutcome.RESULT);
    }

    @ParameterizedTest
    @EnumSource
    void aClientPublishesToAServer(Split split) {
        ClientSession client = client(ClientRequest.publish(URL));
        talk(client, split);
        assertThat(clientSaw).contains(new ClientEvent.Publishing());
        client.sendMetadata(AmfValue.properties().put("width", 640).array());
        client.sendMedia(MediaKind.AUDIO, 0, wrap("af001210"));
        client.sendMedia(MediaKind.VIDEO, 40, wrap("17" + "00".repeat(10_000)));
        client.sendMedia(MediaKind.VIDEO, 80, wrap("27" + "00".repeat(10_000)));
        talk(client, split);
        client.close("done", clientSaw::add);
        talk(client, split);

        ServerEvent.PublishAsked asked = (ServerEvent.PublishAsked) serverSaw.get(1);
        assertThat(asked.path()).hasToString("live/k");
        assertThat(asked.path().query()).containsEntry("key", "SECRET");
        List<ServerEvent.Media> media = serverSaw.stream()
                .filter(ServerEvent.Media.class::isInstance)
                .map(ServerEvent.Media.class::cast)
                .toList();
        assertThat(media)
                .extracting(ServerEvent.Media::kind)
                .containsExactly(MediaKind.DATA, MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.VIDEO);
        assertThat(media).extracting(ServerEvent.Media::timestampMs).containsExactly(0L, 0L, 40L, 80L);
        assertThat(DataBody.read(media.getFirst().body(), RtmpLimits.Amf.DEFAULTS)
                        .orElseThrow()
                        .name())
                .isEqualTo("onMetaData");
        assertThat(media.getLast().body()).hasSize(10_001);
        assertThat(serverSaw).contains(new ServerEvent.PublishEnded(1, true));
        assertThat(clientSaw).endsWith(new ClientEvent.Ended(EndCause.CLOSED, "done"));
    }

    @ParameterizedTest
    @EnumSource
    void aClientPlaysFromAServer(Split split) {
        ClientSession client = client(ClientRequest.play(URL));
        talk(client, split);
        assertThat(clientSaw).contains(new ClientEvent.Playing());
        server.sendMedia(1, MediaKind.VIDEO, 0xfffffff0L, wrap("17" + "ab".repeat(70_000)));
        server.sendMedia(1, MediaKind.VIDEO, 0x10, wrap("27"));
        server.publisherLeft(1);
        talk(client, split);
        List<ClientEvent.Media> media = clientSaw.stream()
                .filter(ClientEvent.Media.class::isInstance)
                .map(ClientEvent.Media.class::cast)
                .toList();
        assertThat(media).extracting(ClientEvent.Media::timestampMs).containsExactly(0xfffffff0L, 0x10L);
        assertThat(media.getFirst().body()).hasSize(70_001);
        assertThat(clientSaw.getLast())
                .isEqualTo(new ClientEvent.Status(
                        "status", "NetStream.Play.UnpublishNotify", "The stream is no longer published."));
        client.close("done", clientSaw::add);
        talk(client, split);
        assertThat(serverSaw).endsWith(new ServerEvent.PlayEnded(1));
    }

    @Test
    void aRefusedPublisherLearnsWhy() {
        decision = event -> {
            switch (event) {
                case ServerEvent.PublishAsked asked ->
                    server.refuse(asked.id(), StatusCode.PUBLISH_DENIED, "Wrong key.");
                case ServerEvent.Asked asked -> server.accept(asked.id());
                default -> {}
            }
        };
        ClientSession client = client(ClientRequest.publish(URL));
        talk(client, Split.WHOLE);
        assertThat(clientSaw.subList(1, clientSaw.size()))
                .containsExactly(
                        new ClientEvent.Status("error", "NetStream.Publish.Denied", "Wrong key."),
                        new ClientEvent.Ended(EndCause.REFUSED, "NetStream.Publish.Denied: Wrong key."));
    }

    @Test
    void aRefusedConnectReachesTheClient() {
        decision = event -> server.refuse(((ServerEvent.Asked) event).id(), StatusCode.CONNECT_INVALID_APP, "No.");
        ClientSession client = client(ClientRequest.play(URL));
        talk(client, Split.WHOLE);
        assertThat(clientSaw)
                .endsWith(new ClientEvent.Ended(EndCause.REFUSED, "NetConnection.Connect.InvalidApp: No."));
    }

    @Test
    void aClientLearnsWhatTheServerIs() {
        talk(client(ClientRequest.publish(URL).with(HandshakeForm.DIGEST_FIRST)), Split.WHOLE);
        assertThat(clientSaw.getFirst()).isInstanceOfSatisfying(ClientEvent.Connected.class, connected -> {
            assertThat(connected.serverVersion()).isEqualTo("FMS/3,5,7,7009");
            assertThat(connected.handshake()).isEqualTo(HandshakeForm.DIGEST_FIRST);
            assertThat(connected.capabilities().video()).containsEntry("*", Capabilities.FORWARD);
            assertThat(connected.capabilities().features()).isEqualTo(15);
        });
    }

    @Test
    void aPlayerSaysThatItTakesEverything() {
        talk(client(ClientRequest.play(URL)), Split.WHOLE);
        Capabilities said = ((ServerEvent.ConnectAsked) serverSaw.getFirst()).capabilities();
        assertThat(said.decodes("hvc1")).isTrue();
        assertThat(said.decodes("fLaC")).isTrue();
        assertThat(said.multitrack()).isTrue();
        assertThat(said.nanoseconds()).isTrue();
    }

    @Test
    void aPlayerSubscribesBeforeItPlays() {
        ClientSession client = client(ClientRequest.play(URL));
        Wire wire = new Wire();
        List<String> names = new ArrayList<>();
        for (int turn = 0; turn < 8; turn++) {
            byte[] up = ByteBufUtil.getBytes(client.takeOutput());
            server.receive(Unpooled.wrappedBuffer(up), 0, this::serverEvent);
            raw.writeBytes(up);
            client.receive(server.takeOutput(), 0, clientSaw::add);
        }
        wire.said(raw).stream()
                .map(Wire.Said::message)
                .filter(RtmpMessage.Command.class::isInstance)
                .forEach(command -> names.add(((RtmpMessage.Command) command).name()));
        assertThat(names).containsExactly("connect", "createStream", "FCSubscribe", "play");
    }

    @Test
    void aRedirectedClientIsToldWhereToGo() {
        decision = event -> {
            if (event instanceof ServerEvent.ConnectAsked asked) {
                server.redirect(asked.id(), "rtmp://other:1936/live", "Moved.");
            }
        };
        talk(client(ClientRequest.publish(URL)), Split.WHOLE);
        assertThat(clientSaw.getFirst()).isInstanceOfSatisfying(ClientEvent.ComeAgain.class, again -> {
            assertThat(again.request().url()).isEqualTo(RtmpUrl.parse("rtmp://other:1936/live/k?key=SECRET"));
        });
        assertThat(clientSaw.getLast()).isInstanceOf(ClientEvent.Ended.class);
    }

    @Test
    void aClientIsAskedToReconnectFiveTimesAMinuteAtMost() {
        ClientSession client = client(ClientRequest.play(URL));
        talk(client, Split.WHOLE);
        clientSaw.clear();
        for (int i = 0; i < 7; i++) {
            assertThat(server.askToReconnect("//other/app", "Maintenance.")).isTrue();
        }
        talk(client, Split.WHOLE);
        assertThat(clientSaw)
                .hasSize(5)
                .containsOnly(
                        new ClientEvent.ReconnectAsked(RtmpUrl.parse("rtmp://other/app/k?key=SECRET"), "Maintenance."));
        server.askToReconnect("", "Once more.");
        client.receive(server.takeOutput(), 60_000_000_000L, clientSaw::add);
        assertThat(clientSaw).endsWith(new ClientEvent.ReconnectAsked(URL, "Once more."));
        assertThat(client.phase()).isEqualTo(ClientSession.Phase.PLAYING);
    }

    @Test
    void aPublisherIsNotAskedToReconnectBecauseItDoesNotSayThatItWould() {
        talk(client(ClientRequest.publish(URL)), Split.WHOLE);
        assertThat(server.askToReconnect("", "Maintenance.")).isFalse();
    }

    @Test
    void mediaBeforeTheServerAgreedIsNotSent() {
        ClientSession client = client(ClientRequest.publish(URL));
        client.takeOutput();
        client.sendMedia(MediaKind.AUDIO, 0, wrap("af00"));
        assertThat(client.takeOutput().isReadable()).isFalse();
    }

    @Test
    void aServerThatIsNoRtmpServerEndsTheClient() {
        ClientSession client = client(ClientRequest.play(URL));
        client.receive(wrap("485454502f312e31"), 0, clientSaw::add);
        assertThat(clientSaw)
                .containsExactly(new ClientEvent.Ended(EndCause.HANDSHAKE, "This is HTTP on the RTMP port."));
    }
}
