package dev.sluice.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import dev.sluice.rtmp.session.ClientSession;
import dev.sluice.rtmp.session.EndCause;
import dev.sluice.rtmp.session.ServerEvent;
import dev.sluice.rtmp.session.ServerSession.Phase;
import dev.sluice.rtmp.session.StatusCode;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // an embedded channel does everything at once
class RtmpChannelTest {
    private static final String TOO_MUCH_UNREAD = "More than 16384 bytes kept before the answer.";

    private final MockTicker ticker = Ticker.newMockTicker();
    private final List<ServerEvent> events = new ArrayList<>();
    private final List<ClientEvent> clientSaw = new ArrayList<>();
    private Consumer<ServerEvent> reaction = event -> {};
    private final RtmpChannel rtmp = new RtmpChannel((channel, event) -> {
        events.add(event);
        reaction.accept(event);
    });
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).handlers(rtmp).build();
    private final ClientSession client =
            new ClientSession(ClientRequest.publish(RtmpUrl.parse("rtmp://h/live/k")), RtmpLimits.DEFAULTS);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void acceptEverything() {
        reaction = event -> {
            if (event instanceof ServerEvent.Asked question) {
                rtmp.accept(question.id());
            }
        };
    }

    private void give(ByteBuf bytes) {
        if (bytes.isReadable()) {
            channel.writeInbound(bytes);
        }
    }

    private void talk() {
        for (int i = 0; i < 10; i++) {
            give(client.takeOutput());
            hear();
        }
    }

    /// @return how many writes there were
    private int hear() {
        int writes = 0;
        for (ByteBuf heard = channel.readOutbound(); heard != null; heard = channel.readOutbound()) {
            client.receive(heard, ticker.nanoTime(), clientSaw::add);
            heard.release();
            writes++;
        }
        return writes;
    }

    private void passMs(long ms) {
        ticker.advance(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void publishing() {
        acceptEverything();
        client.start();
        talk();
        assertThat(rtmp.phase()).isEqualTo(Phase.PUBLISHING);
    }

    private ServerEvent.Ended ended() {
        return (ServerEvent.Ended) events.getLast();
    }

    @Test
    void closesAHandshakeOfOneByteASecondAfterFiveSeconds() {
        give(Unpooled.wrappedBuffer(new byte[] {3}));
        for (int second = 1; second < 5; second++) {
            passMs(1000);
            give(Unpooled.wrappedBuffer(new byte[1]));
            assertThat(channel.isOpen()).isTrue();
        }
        passMs(1000);
        assertThat(channel.isOpen()).isFalse();
        assertThat(ended()).isEqualTo(new ServerEvent.Ended(EndCause.TIMEOUT, "no handshake within 5000 ms"));
    }

    @Test
    void closesAClientThatNeverConnects() {
        ByteBuf handshake = Unpooled.buffer().writeByte(3).writeZero(3072);
        give(handshake);
        passMs(4999);
        assertThat(channel.isOpen()).isTrue();
        passMs(1);
        assertThat(ended().reason()).isEqualTo("no connect within 5000 ms");
    }

    @Test
    void closesAClientThatNeitherPublishesNorPlays() {
        reaction = event -> {
            if (event instanceof ServerEvent.ConnectAsked question) {
                rtmp.accept(question.id());
            }
        };
        client.start();
        talk();
        passMs(29_999);
        assertThat(channel.isOpen()).isTrue();
        passMs(1);
        assertThat(ended().reason()).isEqualTo("neither publish nor play within 30000 ms");
    }

    @Test
    void closesASilentPublisherButNotABusyOne() {
        publishing();
        for (int i = 0; i < 10; i++) {
            passMs(20_000);
            client.sendMedia(MediaKind.AUDIO, i, Unpooled.wrappedBuffer(new byte[] {1}));
            talk();
            assertThat(channel.isOpen()).isTrue();
        }
        passMs(29_999);
        assertThat(channel.isOpen()).isTrue();
        passMs(20_000);
        assertThat(ended().cause()).isEqualTo(EndCause.TIMEOUT);
        passMs(500);
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).contains(new ServerEvent.PublishEnded(1, false));
    }

    @Test
    void pingsAPlayerEveryMinuteAndNeverEndsItForItsSilence() {
        playing();
        passMs(59_999);
        assertThat(outbound()).isEmpty();
        passMs(1);
        assertThat(outbound()).startsWith("02000000000006040000000000" + "06");
        passMs(600_000);
        assertThat(outbound()).contains("02000000000006040000000000" + "06");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void playersThatCameInTheSameSecondArePingedTogether() {
        passMs(1_001);
        playing();
        passMs(60_998);
        assertThat(outbound()).isEmpty();
        passMs(1);
        assertThat(outbound()).startsWith("02000000000006040000000000" + "06");
        passMs(59_999);
        assertThat(outbound()).isEmpty();
        passMs(1);
        assertThat(outbound()).startsWith("02000000000006040000000000" + "06");
    }

    private void playing() {
        acceptEverything();
        give(Unpooled.buffer().writeByte(3).writeZero(3072));
        give(Unpooled.wrappedBuffer(Hex.bytes(
                "03 000000 00003a 14 00000000 02 0007 636f6e6e656374 00 3ff0000000000000 03 0003 617070 02 0004 6c697665",
                "0005 746355726c 02 000d 72746d703a2f2f682f6c697665 0000 09",
                "03 000000 000019 14 00000000 02 000c 63726561746553747265616d 00 4000000000000000 05",
                "03 000000 000017 14 01000000 02 0004 706c6179 00 4008000000000000 05 02 0003 6b6579")));
        assertThat(rtmp.phase()).isEqualTo(Phase.PLAYING);
        outbound();
    }

    private String outbound() {
        var hex = new StringBuilder();
        for (ByteBuf heard = channel.readOutbound(); heard != null; heard = channel.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(heard));
            heard.release();
        }
        return hex.toString();
    }

    @Test
    void aCallOfAClientThatSaysNothingEndsAfterTenSeconds() {
        publishing();
        assertThat(rtmp.call("m", List.of())).contains(2);
        passMs(9_999);
        assertThat(events).noneMatch(ServerEvent.CallEnded.class::isInstance);
        passMs(1);
        assertThat(events)
                .contains(new ServerEvent.CallEnded(2, ServerEvent.CallOutcome.NO_ANSWER, AmfValue.UNDEFINED));
    }

    @Test
    void doesNotCallAPublisherSilentWhileWeDoNotRead() {
        publishing();
        rtmp.setReading(false);
        assertThat(channel.config().isAutoRead()).isFalse();
        passMs(120_000);
        assertThat(channel.isOpen()).isTrue();
        rtmp.setReading(true);
        passMs(29_999);
        assertThat(channel.isOpen()).isTrue();
        passMs(30_000);
        passMs(500);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theTimeForTheHandshakeBeginsWithTheConnectionWhoeverReadItFirst() {
        EmbeddedChannel accepted = EmbeddedChannel.builder().ticker(ticker).build();
        RtmpChannel taken = new RtmpChannel((who, event) -> events.add(event));
        taken.attach(accepted, Unpooled.wrappedBuffer(new byte[] {3}), 3_000);
        ticker.advance(1_999, TimeUnit.MILLISECONDS);
        accepted.runScheduledPendingTasks();
        assertThat(accepted.isOpen()).isTrue();
        ticker.advance(1, TimeUnit.MILLISECONDS);
        accepted.runScheduledPendingTasks();
        assertThat(accepted.isOpen()).isFalse();
        assertThat(ended()).isEqualTo(new ServerEvent.Ended(EndCause.TIMEOUT, "no handshake within 5000 ms"));
    }

    @Test
    void whoHandsAChannelOverDecidesHowMuchItsReadsTake() {
        EmbeddedChannel accepted = new EmbeddedChannel();
        RecvByteBufAllocator theirs = accepted.config().getRecvByteBufAllocator();
        new RtmpChannel((who, event) -> {}).attach(accepted, Unpooled.wrappedBuffer(new byte[] {3}), 0);
        RecvByteBufAllocator afterwards = accepted.config().getRecvByteBufAllocator();
        assertThat(afterwards).isSameAs(theirs);
        RecvByteBufAllocator ours = channel.config().getRecvByteBufAllocator();
        assertThat(ours).isInstanceOf(ReadSize.class);
        accepted.finishAndReleaseAll();
    }

    @Test
    void aLimitLeavesAConnectedClientHalfASecondToReadWhich() {
        publishing();
        talk();
        give(Unpooled.wrappedBuffer(Hex.bytes("06 000000 ffffff 09 01000000")));
        assertThat(ended().cause()).isEqualTo(EndCause.LIMIT);
        assertThat(channel.isOpen()).isTrue();
        ByteBuf said = channel.readOutbound();
        assertThat(said.toString(StandardCharsets.ISO_8859_1))
                .contains("NetStream.Publish.Rejected")
                .contains("A message of 16777215 bytes");
        said.release();
        give(Unpooled.wrappedBuffer(new byte[100_000]));
        passMs(500);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aLimitBeforeConnectClosesAtOnce() {
        give(Unpooled.buffer().writeByte(3).writeZero(3072));
        channel.releaseOutbound();
        passMs(1);
        give(Unpooled.wrappedBuffer(Hex.bytes("06 000000 ffffff 09 01000000")));
        assertThat(ended().cause()).isEqualTo(EndCause.LIMIT);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void stopsReadingWhileAQuestionIsOpenAndDeliversWhatHadArrivedAfterYes() {
        publishing();
        List<ServerEvent> before = List.copyOf(events);
        reaction = event -> {};
        byte[] again = Hex.bytes(
                "03 000000 000019 14 00000000 02 000c 63726561746553747265616d 00 4010000000000000 05",
                "05 000000 000018 14 02000000 02 0007 7075626c697368 00 0000000000000000 05 02 0001 62",
                "04 000000 000003 08 02000000 af01aa");
        give(Unpooled.wrappedBuffer(again));
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(events).hasSize(before.size() + 1);
        give(Unpooled.wrappedBuffer(Hex.bytes("44 000017 000003 08 af01bb")));
        rtmp.accept(((ServerEvent.Asked) events.getLast()).id());
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(events.subList(before.size() + 1, events.size()))
                .extracting(event -> Hex.of(((ServerEvent.Media) event).body()))
                .containsExactly("af01aa", "af01bb");
    }

    @Test
    void endsAClientThatSendsTooMuchBeforeTheAnswer() {
        reaction = event -> {
            if (event instanceof ServerEvent.ConnectAsked question) {
                rtmp.accept(question.id());
            }
        };
        client.start();
        talk();
        assertThat(events.getLast()).isInstanceOf(ServerEvent.PublishAsked.class);
        give(Unpooled.wrappedBuffer(new byte[15 << 10]));
        assertThat(events.getLast()).isInstanceOf(ServerEvent.PublishAsked.class);
        give(Unpooled.wrappedBuffer(new byte[1 << 10]));
        assertThat(events).contains(new ServerEvent.LimitHit(Limit.UNREAD_BYTES, TOO_MUCH_UNREAD));
        assertThat(ended().cause()).isEqualTo(EndCause.LIMIT);
        passMs(500);
        assertThat(channel.isOpen()).isFalse();
    }

    /// Half of it unfinished messages, half of it unread: what a stranger makes us keep is counted together.
    @Test
    void unreadBytesAndUnfinishedMessagesOfAStrangerCountTogether() {
        reaction = event -> {
            if (event instanceof ServerEvent.ConnectAsked question) {
                rtmp.accept(question.id());
            }
        };
        give(Unpooled.buffer().writeByte(3).writeZero(3072));
        give(Unpooled.wrappedBuffer(Hex.bytes(
                "03 000000 000023 14 00000000 02 0007 636f6e6e656374 00 3ff0000000000000",
                "03 0003 617070 02 0004 6c697665 000009",
                "03 000000 000019 14 00000000 02 000c 63726561746553747265616d 00 4010000000000000 05")));
        for (int csid = 10; csid < 18; csid++) {
            give(Unpooled.copiedBuffer(Hex.bytes("%02x 000000 000400 09 01000000".formatted(csid)), new byte[128]));
        }
        give(Unpooled.wrappedBuffer(
                Hex.bytes("05 000000 000018 14 01000000 02 0007 7075626c697368 00 0000000000000000 05 02 0001 62")));
        assertThat(events.getLast()).isInstanceOf(ServerEvent.PublishAsked.class);
        give(Unpooled.wrappedBuffer(new byte[13 << 10]));
        assertThat(events.getLast()).isInstanceOf(ServerEvent.PublishAsked.class);
        give(Unpooled.wrappedBuffer(new byte[2 << 10]));
        assertThat(ended()).isEqualTo(new ServerEvent.Ended(EndCause.LIMIT, TOO_MUCH_UNREAD));
    }

    @Test
    void givesARefusedClientHalfASecondToReadWhy() {
        reaction = event -> {
            switch (event) {
                case ServerEvent.PublishAsked question ->
                    rtmp.refuse(question.id(), StatusCode.PUBLISH_DENIED, "Wrong key.");
                case ServerEvent.Asked question -> rtmp.accept(question.id());
                default -> {}
            }
        };
        client.start();
        talk();
        assertThat(clientSaw).contains(new ClientEvent.Status("error", "NetStream.Publish.Denied", "Wrong key."));
        assertThat(ended()).isEqualTo(new ServerEvent.Ended(EndCause.REFUSED, "publish refused: Wrong key."));
        give(Unpooled.wrappedBuffer(new byte[5000]));
        passMs(499);
        assertThat(channel.isOpen()).isTrue();
        passMs(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(events.stream().filter(ServerEvent.Ended.class::isInstance)).hasSize(1);
    }

    @Test
    void whatTheOwnerWritesAfterAcceptingComesAfterTheAnswer() {
        reaction = event -> {
            if (event instanceof ServerEvent.Asked question) {
                rtmp.accept(question.id());
                rtmp.channel().write(Unpooled.wrappedBuffer(Hex.bytes("aa")));
            }
        };
        client.start();
        give(client.takeOutput());
        ByteBuf handshake = channel.readOutbound();
        client.receive(handshake, 0, clientSaw::add);
        handshake.release();
        give(client.takeOutput());
        ByteBuf answer = channel.readOutbound();
        ByteBuf owners = channel.readOutbound();
        assertThat(answer.readableBytes()).isGreaterThan(100);
        assertThat(Hex.of(owners)).isEqualTo("aa");
        answer.release();
        owners.release();
    }

    @Test
    void aLostConnectionEndsEverythingOnce() {
        publishing();
        channel.close();
        assertThat(events)
                .endsWith(
                        new ServerEvent.PublishEnded(1, false),
                        new ServerEvent.Ended(EndCause.PEER_CLOSED, "the client closed the connection"));
        rtmp.close("again");
        assertThat(events.stream().filter(ServerEvent.Ended.class::isInstance)).hasSize(1);
    }

    @Test
    void queuesNothingForAPublisherThatDoesNotRead() {
        publishing();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        give(Unpooled.wrappedBuffer(Hex.bytes("02 000000 000006 04 00000000 0006 01020304")));
        assertThat(hear()).isZero();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        give(Unpooled.wrappedBuffer(Hex.bytes("02 000000 000006 04 00000000 0006 01020304")));
        assertThat(hear()).isEqualTo(1);
    }

    /// Who missed one would believe something else than all others.
    @Test
    void leavesOutNoMessageAboutASharedObjectAndSaysHowMuchIsPending() {
        publishing();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        var message = new SharedObjectMessage("chat", 1, false, List.of(new SharedObjectEvent.Use()));
        rtmp.sendSharedObject(message);
        assertThat(hear()).isEqualTo(1);
        assertThat(rtmp.pendingBytes()).isZero();
        rtmp.channel().write(Unpooled.wrappedBuffer(new byte[1000]));
        assertThat(rtmp.pendingBytes()).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void whoUsesASharedObjectNeedsNeitherPublishNorPlayToStay() {
        reaction = event -> {
            if (event instanceof ServerEvent.ConnectAsked asked) {
                rtmp.accept(asked.id());
            }
        };
        client.start();
        talk();
        rtmp.setSharing(true);
        passMs(300_000);
        assertThat(channel.isOpen()).isTrue();
        rtmp.setSharing(false);
        passMs(30_000);
        assertThat(ended().cause()).isEqualTo(EndCause.TIMEOUT);
    }

    @Test
    void aLimitOfTheOwnerEndsAClientThatIsTold() {
        publishing();
        rtmp.endAtLimit(Limit.SHARED_OBJECTS, "Too slow.");
        assertThat(events)
                .endsWith(
                        new ServerEvent.LimitHit(Limit.SHARED_OBJECTS, "Too slow."),
                        new ServerEvent.PublishEnded(1, false),
                        new ServerEvent.Ended(EndCause.LIMIT, "Too slow."));
        hear();
        assertThat(clientSaw).anySatisfy(event -> assertThat(event.toString()).contains("Too slow."));
    }

    @Test
    void closesGarbageAtOnce() {
        give(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(channel.isOpen()).isFalse();
        assertThat(ended().cause()).isEqualTo(EndCause.HANDSHAKE);
    }

    @Test
    void takesOverAConnectionThatSomebodyElseHasReadFrom() {
        EmbeddedChannel accepted = EmbeddedChannel.builder().ticker(ticker).build();
        RtmpChannel taken = new RtmpChannel((channel, event) -> {});
        client.start();
        taken.attach(accepted, client.takeOutput(), 0);
        ByteBuf answer = accepted.readOutbound();
        assertThat(answer.readableBytes()).isEqualTo(3073);
        answer.release();
        accepted.finishAndReleaseAll();
    }
}
