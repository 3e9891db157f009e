package dev.sluice.rtmp.session;

import static dev.sluice.rtmp.Hex.bytes;
import static dev.sluice.rtmp.Hex.join;
import static dev.sluice.rtmp.Hex.repeat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.Split;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.message.DataBody;
import dev.sluice.rtmp.message.RtmpMessage;
import dev.sluice.rtmp.session.ServerSession.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSessionTest {
    private final ServerSession session = new ServerSession();
    private final Wire wire = new Wire();
    private final List<ServerEvent> events = new ArrayList<>();
    private Consumer<ServerEvent> reaction = event -> {};
    private long nowNs;

    private void onEvent(ServerEvent event) {
        events.add(event);
        reaction.accept(event);
    }

    private void acceptEverything() {
        reaction = event -> {
            if (event instanceof ServerEvent.Asked question) {
                session.accept(question.id());
            }
        };
    }

    /// @return what the session left unread
    private ByteBuf give(byte[]... parts) {
        ByteBuf in = Unpooled.wrappedBuffer(join(parts));
        session.receive(in, nowNs, this::onEvent);
        return in;
    }

    private List<String> said() {
        return wire.said(session.takeOutput()).stream().map(Wire.Said::shown).toList();
    }

    private void connected() {
        acceptEverything();
        give(Wire.handshake(), Wire.connect("live"), Wire.createStream(4));
        said();
        reaction = event -> {};
    }

    private void publishing() {
        connected();
        acceptEverything();
        give(Wire.publish(1, "key"));
        said();
        events.clear();
    }

    private void playing() {
        connected();
        acceptEverything();
        give(Wire.play(1, "key"));
        said();
        events.clear();
    }

    private <E extends ServerEvent> E only(Class<E> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((a, b) -> {
                    throw new AssertionError("more than one " + type.getSimpleName());
                })
                .orElseThrow();
    }

    @Test
    void answersConnectInTheOrderThatEveryClientAccepts() {
        acceptEverything();
        give(Wire.handshake(), Wire.connect("live"));
        List<Wire.Said> said = wire.said(session.takeOutput());
        assertThat(said)
                .extracting(Wire.Said::shown)
                .containsExactly(
                        "WindowAckSize[bytes=2500000]", "SetPeerBandwidth[bytes=2500000, limitType=2]",
                        "SetChunkSize[bytes=65536]", "_result 1 on 3/0 NetConnection.Connect.Success status");
        RtmpMessage.Command result = (RtmpMessage.Command) said.getLast().message();
        assertThat(((AmfValue.Obj) result.object()).string("fmsVer")).contains("FMS/3,5,7,7009");
        assertThat(((AmfValue.Obj) result.argument(0)).number("objectEncoding")).contains(0.0);
        assertThat(((AmfValue.Obj) result.argument(0)).string("description")).isPresent();
        ServerEvent.ConnectAsked asked = only(ServerEvent.ConnectAsked.class);
        assertThat(asked.app()).isEqualTo("live");
        assertThat(asked.tcUrl()).isEqualTo("rtmp://h/live");
        assertThat(asked.flashVer()).isEqualTo("test");
    }

    @Test
    void aConnectNeverShowsItsKey() {
        give(Wire.handshake(), Wire.connect("live/k?key=SECRET"));
        assertThat(events.getFirst().toString()).contains("test").doesNotContain("SECRET");
    }

    @Test
    void readsTheMinimalConnectAndPublishOfTheReference() {
        acceptEverything();
        give(
                Wire.handshake(),
                bytes(
                        "03 000000 00003a 14 00000000 02 0007 636f6e6e656374 00 3ff0000000000000 03 0003 617070 02 0004",
                        "6c697665 0005 746355726c 02 000d 72746d703a2f2f682f6c697665 0000 09"));
        give(
                Wire.createStream(4),
                bytes(
                        "04 000000 000021 14 01000000 02 0007 7075626c697368 00 4014000000000000 05 02 0003 6b6579 02 0004",
                        "6c697665"));
        ServerEvent.PublishAsked asked = only(ServerEvent.PublishAsked.class);
        assertThat(asked.path()).hasToString("live/key");
        assertThat(asked.type()).isEqualTo("live");
        assertThat(session.phase()).isEqualTo(Phase.PUBLISHING);
    }

    @ParameterizedTest
    @EnumSource
    void followsFfmpegFromConnectToTheEndHoweverTheNetworkCuts(Split split) {
        acceptEverything();
        // Server chunk size echoed, then its three commands with relative headers, as captured.
        byte[] stream = join(
                Wire.handshake(),
                Wire.connect("live"),
                bytes(
                        "02 000000 000004 01 00000000 00010000",
                        "43 000000 00001e 14 02 000d 72656c6561736553747265616d 00 4000000000000000 05 02 0001 6b",
                        "43 000000 00001a 14 02 0009 46435075626c697368 00 4008000000000000 05 02 0001 6b",
                        "43 000000 000019 14 02 000c 63726561746553747265616d 00 4010000000000000 05",
                        "08 000000 00001f 14 01000000 02 0007 7075626c697368 00 4014000000000000 05 02 0001 6b 02 0004 6c697665",
                        "04 000000 000004 08 01000000 af001210",
                        "06 000000 000005 09 01000000 1700000000",
                        "44 000017 000003 08 af01aa",
                        "46 000028 000005 09 1702000000"),
                Wire.command(0, "FCUnpublish", 6, AmfValue.NULL, AmfValue.of("k")),
                Wire.command(0, "deleteStream", 7, AmfValue.NULL, AmfValue.of(1)));
        for (byte[] part : split.of(stream)) {
            give(part);
        }
        assertThat(said())
                .containsSequence(
                        "_result 2 on 3/0",
                        "_result 3 on 3/0",
                        "_result 4 on 3/0 1",
                        "onFCPublish 0 on 3/0 NetStream.Publish.Start status",
                        "UserControl[event=0, value=1]",
                        "onStatus 0 on 5/1 NetStream.Publish.Start status",
                        "_result 6 on 3/0",
                        "onFCUnpublish 0 on 3/0 NetStream.Unpublish.Success status",
                        "onStatus 0 on 5/1 NetStream.Unpublish.Success status");
        assertThat(events.stream()
                        .filter(ServerEvent.Media.class::isInstance)
                        .map(ServerEvent.Media.class::cast)
                        .map(m -> m.kind() + " " + m.timestampMs() + " " + Hex.of(m.body())))
                .containsExactly("AUDIO 0 af001210", "VIDEO 0 1700000000", "AUDIO 23 af01aa", "VIDEO 40 1702000000");
        assertThat(only(ServerEvent.PublishEnded.class)).isEqualTo(new ServerEvent.PublishEnded(1, true));
    }

    @Test
    void aStreamCutAnywhereNeitherThrowsNorEnds() {
        byte[] stream = join(Wire.handshake(), Wire.connect("live"), Wire.createStream(2), Wire.publish(1, "k"));
        for (int length = 3073; length < stream.length; length++) {
            ServerSession cut = new ServerSession();
            cut.receive(Unpooled.wrappedBuffer(stream, 0, length), 0, event -> {
                assertThat(event).isInstanceOf(ServerEvent.Asked.class);
                cut.accept(((ServerEvent.Asked) event).id());
            });
            assertThat(cut.isClosing()).isFalse();
        }
    }

    @Test
    void readsNothingWhileAQuestionIsOpenAndGoesOnAfterTheAnswer() {
        connected();
        byte[] media = bytes("04 000000 000003 08 01000000 af01aa");
        ByteBuf unread = give(Wire.publish(1, "key"), media);
        assertThat(session.wantsMore()).isFalse();
        assertThat(unread.readableBytes()).isEqualTo(media.length);
        assertThat(session.takeOutput().isReadable()).isFalse();
        session.accept(only(ServerEvent.PublishAsked.class).id());
        assertThat(session.wantsMore()).isTrue();
        session.receive(unread, nowNs, this::onEvent);
        assertThat(only(ServerEvent.Media.class).body()).isEqualTo(bytes("af01aa"));
    }

    @Test
    void ignoresAnswersToQuestionsThatAreNotOpen() {
        connected();
        give(Wire.publish(1, "key"));
        int id = only(ServerEvent.PublishAsked.class).id();
        session.accept(id + 1);
        session.refuse(0, "x", "x");
        assertThat(session.wantsMore()).isFalse();
        session.accept(id);
        said();
        session.refuse(id, StatusCode.PUBLISH_DENIED, "too late");
        assertThat(said()).isEmpty();
        assertThat(session.isClosing()).isFalse();
    }

    @Test
    void refusesAPublisherWithAnErrorOnItsStreamAndEnds() {
        connected();
        give(Wire.publish(1, "key"));
        session.refuse(only(ServerEvent.PublishAsked.class).id(), StatusCode.PUBLISH_DENIED, "Wrong key.");
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Publish.Denied error");
        assertThat(session.isClosing()).isTrue();
        ByteBuf more = give(bytes("04 000000 000003 08 01000000 af01aa"));
        assertThat(more.isReadable()).isFalse();
        session.end(EndCause.PEER_CLOSED, "gone", this::onEvent);
        assertThat(only(ServerEvent.Ended.class))
                .isEqualTo(new ServerEvent.Ended(EndCause.REFUSED, "publish refused: Wrong key."));
    }

    @Test
    void refusesAConnectWithAnErrorAndAClose() {
        give(Wire.handshake(), Wire.connect("console"));
        session.refuse(
                only(ServerEvent.ConnectAsked.class).id(), StatusCode.CONNECT_INVALID_APP, "No such application.");
        assertThat(said()).containsExactly("_error 1 on 3/0 NetConnection.Connect.InvalidApp error", "close 0 on 3/0");
        assertThat(session.isClosing()).isTrue();
    }

    @Test
    void refusesAPlayerButLetsItAskAgain() {
        connected();
        give(Wire.play(1, "nothing"));
        session.refuse(only(ServerEvent.PlayAsked.class).id(), StatusCode.PLAY_STREAM_NOT_FOUND, "Not live.");
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Play.StreamNotFound error");
        events.clear();
        give(Wire.play(1, "something"));
        assertThat(only(ServerEvent.PlayAsked.class).path()).hasToString("live/something");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../etc/x", "..%2f..%2fx", "a/../../b", "a\\..\\b", "a\u0000b", "a b", "\ud83d\ude00", ""})
    void refusesNamesOutsideTheGrammarWithoutAsking(String name) {
        connected();
        events.clear();
        give(Wire.publish(1, name));
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Publish.BadName error");
        assertThat(events).isEmpty();
        assertThat(session.isClosing()).isTrue();
    }

    @Test
    void refusesANameOf4KibibytesWithoutAsking() {
        connected();
        events.clear();
        give(Wire.publish(1, "x".repeat(4096)));
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Publish.BadName error");
        assertThat(only(ServerEvent.LimitHit.class).limit()).isEqualTo(Limit.NAME_BYTES);
        assertThat(events).hasSize(1);
    }

    @Test
    void refusesAConnectWhoseAddressIsTooLong() {
        RtmpLimits d = RtmpLimits.DEFAULTS;
        RtmpLimits.Names names = new RtmpLimits.Names(512, 128, 4096, 100);
        ServerSession strict = new ServerSession(
                new RtmpLimits(
                        d.beforeAdmission(),
                        d.messages(),
                        d.chunks(),
                        d.rates(),
                        d.amf(),
                        names,
                        d.streams(),
                        d.calls()),
                4096);
        byte[] connect = join(Wire.handshake(), Wire.connect("x".repeat(100)));
        strict.receive(Unpooled.wrappedBuffer(connect), 0, this::onEvent);
        assertThat(wire.said(strict.takeOutput()).stream().map(Wire.Said::shown))
                .containsExactly("_error 1 on 3/0 NetConnection.Connect.Rejected error", "close 0 on 3/0");
        assertThat(only(ServerEvent.LimitHit.class).limit()).isEqualTo(Limit.NAME_BYTES);
        strict.end(EndCause.PEER_CLOSED, "gone", this::onEvent);
        assertThat(only(ServerEvent.Ended.class).cause()).isEqualTo(EndCause.LIMIT);
    }

    @Test
    void tellsWhoeverIsConnectedWhichLimitEndsHim() {
        byte[] tooLarge = bytes("06 000000 ffffff 09 01000000");
        publishing();
        give(tooLarge);
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Publish.Rejected error");
        assertThat(only(ServerEvent.Ended.class).cause()).isEqualTo(EndCause.LIMIT);
    }

    @Test
    void tellsAPlayerWhichLimitEndsHim() {
        playing();
        session.endAtLimit(EndCause.TIMEOUT, Limit.READ_IDLE_TIME, "too quiet", this::onEvent);
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Play.Failed error");
        assertThat(events).endsWith(new ServerEvent.Ended(EndCause.TIMEOUT, "too quiet"));
    }

    @Test
    void tellsWhoOnlyConnectedWhichLimitEndsHim() {
        connected();
        session.endAtLimit(EndCause.TIMEOUT, Limit.START_TIME, "too slow", this::onEvent);
        assertThat(said()).containsExactly("onStatus 0 on 5/0 NetConnection.Connect.Rejected error");
    }

    @Test
    void answersPlayWithBeginResetAndStart() {
        connected();
        acceptEverything();
        give(Wire.play(1, "key"));
        assertThat(said())
                .containsExactly(
                        "UserControl[event=0, value=1]",
                        "onStatus 0 on 5/1 NetStream.Play.Reset status",
                        "onStatus 0 on 5/1 NetStream.Play.Start status");
        assertThat(session.phase()).isEqualTo(Phase.PLAYING);
    }

    @ParameterizedTest
    @CsvSource({"-2,-2000", "-2000,-2000", "-1,-1000", "-1000,-1000", "0,0", "1500,1500", "NaN,-2000"})
    void normalisesTheStartOfAPlay(double sent, long startMs) {
        connected();
        give(Wire.command(1, "play", 4, AmfValue.NULL, AmfValue.of("key"), AmfValue.of(sent)));
        assertThat(only(ServerEvent.PlayAsked.class).startMs()).isEqualTo(startMs);
    }

    @Test
    void leavesTheResetOutWhereThePlayerAsksForNone() {
        connected();
        acceptEverything();
        give(Wire.command(
                1,
                "play",
                4,
                AmfValue.NULL,
                AmfValue.of("key"),
                AmfValue.of(-2000),
                AmfValue.of(-1),
                AmfValue.of(false)));
        assertThat(said()).doesNotContain("onStatus 0 on 5/1 NetStream.Play.Reset status");
    }

    @Test
    void callsAMethodOfTheClientAndHearsWhatCameOfIt() {
        playing();
        var first = session.call("show", List.of(AmfValue.of("hello")), nowNs, this::onEvent);
        var second = session.call("hide", List.of(), nowNs, this::onEvent);
        assertThat(first).contains(2);
        assertThat(second).contains(3);
        assertThat(said()).containsExactly("show 2 on 3/0", "hide 3 on 3/0");
        give(Wire.command(0, "_error", 3, AmfValue.NULL, AmfValue.of("no")));
        give(Wire.command(0, "_result", 2, AmfValue.NULL, AmfValue.of(true)));
        give(Wire.command(0, "_result", 2, AmfValue.NULL), Wire.command(0, "_result", 2.5, AmfValue.NULL));
        assertThat(events)
                .containsExactly(
                        new ServerEvent.CallEnded(3, ServerEvent.CallOutcome.ERROR, AmfValue.of("no")),
                        new ServerEvent.CallEnded(2, ServerEvent.CallOutcome.RESULT, AmfValue.of(true)));
    }

    @Test
    void waitsForSixteenAnswersAtMostAndForNoneLongerThanTenSeconds() {
        playing();
        for (int i = 0; i < 16; i++) {
            assertThat(session.call("m", List.of(), nowNs, this::onEvent)).isPresent();
        }
        assertThat(session.call("m", List.of(), nowNs, this::onEvent)).isEmpty();
        assertThat(only(ServerEvent.LimitHit.class).limit()).isEqualTo(Limit.OUTSTANDING_CALLS);
        events.clear();
        session.expireCalls(nowNs + TimeUnit.SECONDS.toNanos(10) - 1, this::onEvent);
        assertThat(events).isEmpty();
        session.expireCalls(nowNs + TimeUnit.SECONDS.toNanos(10), this::onEvent);
        assertThat(events)
                .hasSize(16)
                .contains(new ServerEvent.CallEnded(17, ServerEvent.CallOutcome.NO_ANSWER, AmfValue.UNDEFINED));
        assertThat(session.call("m", List.of(), nowNs, this::onEvent)).contains(18);
    }

    @Test
    void aCallThatWaitsAtTheEndIsNotAnswered() {
        playing();
        session.call("m", List.of(), nowNs, this::onEvent);
        session.end(EndCause.PEER_CLOSED, "gone", this::onEvent);
        assertThat(events)
                .containsSubsequence(
                        new ServerEvent.CallEnded(2, ServerEvent.CallOutcome.NO_ANSWER, AmfValue.UNDEFINED),
                        new ServerEvent.Ended(EndCause.PEER_CLOSED, "gone"));
    }

    @Test
    void callsNobodyWhoIsNotConnected() {
        assertThat(session.call("m", List.of(), nowNs, this::onEvent)).isEmpty();
    }

    @Test
    void pingsPlayersOnly() {
        connected();
        session.ping(TimeUnit.MILLISECONDS.toNanos(7));
        assertThat(said()).isEmpty();
        acceptEverything();
        give(Wire.play(1, "key"));
        said();
        session.ping(TimeUnit.MILLISECONDS.toNanos(7));
        assertThat(said()).containsExactly("UserControl[event=6, value=7]");
    }

    /// The vector of the reference, which we never ask for.
    @Test
    void letsPassTheAnswerOfAPlayerThatProvesItsSwf() {
        playing();
        give(Wire.message(
                4,
                0,
                Hex.bytes(
                        "001b 0101 00000040 00000040",
                        "8ea8b9ca450f72b016054ba71b328b08ced9f5f757cc86cca3b7ca6caefce534")));
        assertThat(events).isEmpty();
        assertThat(session.phase()).isEqualTo(Phase.PLAYING);
    }

    @Test
    void tellsPlayersThatThePublisherLeftAndCame() {
        playing();
        session.publisherLeft(1);
        session.publisherCame(1);
        session.publisherLeft(7);
        assertThat(said())
                .containsExactly(
                        "onStatus 0 on 5/1 NetStream.Play.UnpublishNotify status", "UserControl[event=1, value=1]",
                        "UserControl[event=0, value=1]", "onStatus 0 on 5/1 NetStream.Play.PublishNotify status");
    }

    @Test
    void pausesAndUnpauses() {
        playing();
        give(Wire.command(1, "pause", 0, AmfValue.NULL, AmfValue.of(true), AmfValue.of(0)));
        give(Wire.command(1, "pauseRaw", 0, AmfValue.NULL, AmfValue.of(false), AmfValue.of(0)));
        assertThat(said())
                .containsExactly(
                        "onStatus 0 on 5/1 NetStream.Pause.Notify status", "UserControl[event=1, value=1]",
                        "UserControl[event=0, value=1]", "onStatus 0 on 5/1 NetStream.Unpause.Notify status");
        assertThat(events)
                .containsExactly(new ServerEvent.PauseChanged(1, true), new ServerEvent.PauseChanged(1, false));
    }

    @Test
    void answersEveryCallThatEncodersWaitFor() {
        connected();
        give(
                Wire.command(0, "_checkbw", 7, AmfValue.NULL),
                Wire.command(0, "FCSubscribe", 8, AmfValue.NULL, AmfValue.of("k")));
        give(Wire.command(0, "getStreamLength", 9, AmfValue.NULL, AmfValue.of("k")));
        give(Wire.command(0, "whatIsThis", 10, AmfValue.NULL), Wire.command(0, "whatIsThis", 0, AmfValue.NULL));
        give(Wire.command(0, "_result", 3, AmfValue.NULL), Wire.command(0, "FCUnsubscribe", 11, AmfValue.NULL));
        assertThat(said())
                .containsExactly(
                        "_result 7 on 3/0",
                        "_result 8 on 3/0",
                        "onFCSubscribe 0 on 3/0 NetStream.Play.Start status",
                        "_result 9 on 3/0 0",
                        "_error 10 on 3/0 NetConnection.Call.Failed error",
                        "_result 11 on 3/0",
                        "onFCUnsubscribe 0 on 3/0 NetStream.Play.Stop status");
        assertThat(session.isClosing()).isFalse();
    }

    @Test
    void wantsConnectBeforeAnythingElse() {
        give(Wire.handshake(), Wire.createStream(2), Wire.publish(0, "key"));
        assertThat(said())
                .containsExactly(
                        "_error 2 on 3/0 NetConnection.Call.Failed error",
                        "_error 5 on 3/0 NetConnection.Call.Failed error");
        assertThat(events).isEmpty();
    }

    @Test
    void numbersStreamsFromOneAndNeverTwiceAndAllowsEight() {
        connected();
        for (int i = 2; i <= 8; i++) {
            give(Wire.createStream(i));
        }
        give(
                Wire.createStream(9),
                Wire.command(0, "deleteStream", 0, AmfValue.NULL, AmfValue.of(3)),
                Wire.createStream(10));
        assertThat(said())
                .startsWith("_result 2 on 3/0 2")
                .endsWith(
                        "_result 8 on 3/0 8", "_error 9 on 3/0 NetConnection.Call.Failed error", "_result 10 on 3/0 9");
    }

    @Test
    void refusesToPublishTwiceOnAStreamOrOnNone() {
        publishing();
        give(Wire.publish(1, "other"), Wire.publish(5, "other"));
        assertThat(said())
                .containsExactly(
                        "onStatus 0 on 5/1 NetStream.Publish.BadName error",
                        "onStatus 0 on 5/5 NetStream.Publish.BadName error");
        assertThat(session.phase()).isEqualTo(Phase.PUBLISHING);
    }

    @Test
    void publishFalseAndCloseStreamEndAPublisherCleanly() {
        publishing();
        give(Wire.command(1, "publish", 0, AmfValue.NULL, AmfValue.of(false)));
        give(Wire.publish(1, "again"), Wire.command(1, "closeStream", 0, AmfValue.NULL));
        assertThat(events)
                .filteredOn(ServerEvent.PublishEnded.class::isInstance)
                .containsExactly(new ServerEvent.PublishEnded(1, true), new ServerEvent.PublishEnded(1, true));
        assertThat(said()).filteredOn(s -> s.contains("Unpublish.Success")).hasSize(2);
    }

    @Test
    void aLostConnectionEndsAPublisherUncleanly() {
        publishing();
        session.end(EndCause.PEER_CLOSED, "gone", this::onEvent);
        session.end(EndCause.PEER_CLOSED, "gone again", this::onEvent);
        assertThat(events)
                .containsExactly(
                        new ServerEvent.PublishEnded(1, false), new ServerEvent.Ended(EndCause.PEER_CLOSED, "gone"));
    }

    @Test
    void saysGoodbyeWhenTheServerCloses() {
        publishing();
        session.close("shutdown", this::onEvent);
        session.close("shutdown", this::onEvent);
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Unpublish.Success status", "close 0 on 3/0");
        assertThat(events)
                .endsWith(new ServerEvent.Ended(EndCause.CLOSED, "shutdown"))
                .hasSize(2);
    }

    @Test
    void rejectsARunningPublisherWithAnError() {
        publishing();
        session.reject(1, StatusCode.PUBLISH_REJECTED, "Removed by the operator.");
        assertThat(said()).containsExactly("onStatus 0 on 5/1 NetStream.Publish.Rejected error");
        assertThat(session.isClosing()).isTrue();
    }

    @Test
    void ignoresEmptyMediaAndMediaOfStreamsThatDoNotPublish() {
        publishing();
        give(bytes("04 000000 000000 08 01000000", "04 000000 000001 08 02000000 aa", "04 000000 000000 09 01000000"));
        assertThat(events).isEmpty();
        assertThat(session.isClosing()).isFalse();
    }

    @Test
    void findsTheMetadataOfUniviewCameras() {
        publishing();
        give(bytes(
                "04 000000 000001 08 01000000 aa",
                "44 000028 00003b 12 00 0000000000000000 00 0000000000000000 02 000d 4073657444617461 4672616d65",
                "02 000a 6f6e4d65746144617461 08 00000001 0001 61 05 0000 09"));
        ServerEvent.Media data = (ServerEvent.Media) events.getLast();
        assertThat(data.kind()).isEqualTo(MediaKind.DATA);
        assertThat(data.timestampMs()).isEqualTo(40);
        assertThat(DataBody.read(data.body(), RtmpLimits.Amf.DEFAULTS)
                        .orElseThrow()
                        .name())
                .isEqualTo("onMetaData");
    }

    @Test
    void passesThePartsOfAnAggregateOn() {
        publishing();
        give(Wire.message(
                22,
                1,
                bytes("08 000003 0003e8 00 000000 af0101 0000000e 09 000005 0003fc 00 000000 2701000000 00000010")));
        assertThat(events).hasSize(2);
    }

    @Test
    void answersPingsWithTheSameBytes() {
        connected();
        give(bytes("02 000000 000006 04 00000000 0006 01020304"));
        assertThat(Hex.of(session.takeOutput()))
                .isEqualTo("02" + "000000" + "000006" + "04" + "00000000" + "000701020304");
    }

    @Test
    void leavesOutAnswersToAFloodOfPingsAndEndsAWorseOne() {
        connected();
        byte[] ping = bytes("02 000000 000006 04 00000000 0006 01020304");
        for (int i = 0; i < 500; i++) {
            give(ping);
        }
        assertThat(said()).hasSize(10);
        for (int i = 0; i < 1000; i++) {
            give(ping);
        }
        assertThat(only(ServerEvent.Ended.class).cause()).isEqualTo(EndCause.LIMIT);
    }

    @Test
    void acknowledgesAtHalfTheWindow() {
        publishing();
        give(Wire.message(5, 0, bytes("00010000")));
        byte[] media = Wire.message(8, 1, new byte[1000]);
        for (int sent = 0; sent < 31; sent++) {
            give(media);
            assertThat(session.takeOutput().isReadable()).isFalse();
        }
        give(media, media);
        List<Wire.Said> said = wire.said(session.takeOutput());
        assertThat(said).hasSize(1);
        assertThat(said.getFirst().message())
                .isInstanceOfSatisfying(
                        RtmpMessage.Acknowledgement.class,
                        ack -> assertThat(ack.receivedBytes()).isBetween(32_768L, 36_000L));
    }

    @Test
    void neverAcknowledgesMoreThanTenTimesASecondHoweverSmallTheWindow() {
        publishing();
        give(Wire.message(5, 0, bytes("00000001")));
        byte[] media = Wire.message(8, 1, new byte[60_000]);
        for (int ms = 0; ms < 1000; ms += 5) {
            nowNs = TimeUnit.MILLISECONDS.toNanos(ms);
            give(media);
        }
        assertThat(said()).hasSizeBetween(9, 10);
    }

    @Test
    void answersABandwidthThatDiffersFromWhatItAnnounced() {
        connected();
        give(Wire.message(6, 0, bytes("002625a0 00")), Wire.message(6, 0, bytes("00100000 00")));
        assertThat(said()).containsExactly("WindowAckSize[bytes=1048576]");
    }

    @Test
    void endsAFloodOfCommands() {
        publishing();
        byte[] call = Wire.command(0, "_checkbw", 0, AmfValue.NULL);
        for (int i = 0; i < 60; i++) {
            give(call);
        }
        assertThat(events).endsWith(new ServerEvent.Ended(EndCause.LIMIT, "A flood of commands."));
    }

    @Test
    void endsAStrangerThatOnlyTalks() {
        connected();
        byte[] call = Wire.command(0, "_checkbw", 0, AmfValue.NULL);
        for (int i = 0; i < 60; i++) {
            nowNs += TimeUnit.SECONDS.toNanos(1);
            give(call);
        }
        assertThat(only(ServerEvent.Ended.class).cause()).isEqualTo(EndCause.LIMIT);
    }

    @Test
    void endsAfterFiveSecondsOfTinyChunks() {
        RtmpLimits.Chunks few = new RtmpLimits.Chunks(64, 8, 12 << 20, 128, 64 << 10, 100, 1024);
        RtmpLimits d = RtmpLimits.DEFAULTS;
        ServerSession guarded = new ServerSession(
                new RtmpLimits(
                        d.beforeAdmission(), d.messages(), few, d.rates(), d.amf(), d.names(), d.streams(), d.calls()),
                4096);
        List<ServerEvent> seen = new ArrayList<>();
        guarded.receive(Unpooled.wrappedBuffer(Wire.handshake()), 0, seen::add);
        byte[] tiny = bytes("04 000000 000000 08 01000000".repeat(200));
        for (int second = 0; second <= 5 && !guarded.isClosing(); second++) {
            assertThat(seen).isEmpty();
            guarded.receive(Unpooled.wrappedBuffer(tiny), TimeUnit.SECONDS.toNanos(second), seen::add);
        }
        assertThat(seen).hasSize(2);
        assertThat(seen.getFirst())
                .isInstanceOfSatisfying(
                        ServerEvent.LimitHit.class,
                        hit -> assertThat(hit.limit()).isEqualTo(Limit.CHUNK_HEADER_RATE));
        assertThat(seen.getLast())
                .isInstanceOfSatisfying(
                        ServerEvent.Ended.class,
                        ended -> assertThat(ended.cause()).isEqualTo(EndCause.LIMIT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 000000 000004 01 00000000 00000000",
                "02 000000 000004 01 00000000 80000001",
                "02 000000 000002 01 00000000 0001",
                "c9",
                "06 000000 ffffff 09 01000000",
                "03 000000 000011 14 00000000 02 0007 636f6e6e656374 00 3ff000",
                "03 000000 000005 14 00000000 0affffffff",
                "03 000000 000003 14 00000000 110405",
            })
    void endsAtMalformedInputWithASentenceAndNothingElse(String hex) {
        give(Wire.handshake(), bytes(hex));
        if (hex.startsWith("03 000000 000011")) {
            give(bytes("000000000000"));
        }
        ServerEvent.Ended ended = only(ServerEvent.Ended.class);
        assertThat(ended.cause()).isIn(EndCause.PROTOCOL, EndCause.LIMIT);
        assertThat(ended.reason()).isNotBlank().doesNotContain("Exception");
        assertThat(session.phase()).isEqualTo(Phase.ENDED);
    }

    @Test
    void saysWhyItDoesNotSpeakHttp() {
        give("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(events).containsExactly(new ServerEvent.Ended(EndCause.HANDSHAKE, "This is HTTP on the RTMP port."));
    }

    @Test
    void survivesGarbageAnywhere() {
        byte[] good = join(
                Wire.handshake(),
                Wire.connect("live"),
                Wire.createStream(2),
                Wire.publish(1, "k"),
                Wire.message(9, 1, repeat(0x17, 500)));
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(600)];
            random.nextBytes(noise);
            byte[] stream = join(Arrays.copyOf(good, random.nextInt(good.length)), noise);
            ServerSession one = new ServerSession();
            List<ServerEvent> seen = new ArrayList<>();
            one.receive(Unpooled.wrappedBuffer(stream), 0, event -> {
                seen.add(event);
                if (event instanceof ServerEvent.Asked question) {
                    one.accept(question.id());
                }
            });
            assertThat(seen.stream().filter(ServerEvent.Ended.class::isInstance).count())
                    .isLessThanOrEqualTo(1);
        }
    }
}
