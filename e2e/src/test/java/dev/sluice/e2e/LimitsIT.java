package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every limit of one RTMP connection, hit on purpose: the connection hears why, the hit is counted and
/// logged, and nobody else notices. What a limit is stands in `docs/reference/limits.md`.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitsIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration BY_DEADLINE = Duration.ofSeconds(15);
    private static final int AUDIO = 8;
    private static final int DATA = 18;
    private static final int AGGREGATE = 22;
    private static final String PING = "02 000000 000006 04 00000000 0006 01020304";

    @AutoClose
    private static SluiceProcess server;

    @AutoClose
    private static Canary canary;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(set(
                "rtmp.handshakeMs=3000",
                "rtmp.connectMs=3000",
                "rtmp.startMs=4000",
                "rtmp.readIdleMs=3000",
                "rtmp.firstMediaMs=5000",
                "rtmp.mediaIdleMs=4000",
                "rtmp.limits.strangerCommands=20",
                "rtmp.limits.controlMessagesPerSecond=100",
                "rtmp.limits.partialMaxBytes=1000000",
                "rtmp.limits.chunkStreams=16",
                "rtmp.limits.chunkHeadersPerSecond=1000",
                "rtmp.limits.aggregateParts=16",
                "rtmp.limits.amfValues=1000",
                "rtmp.limits.amfArrayItems=100",
                "rtmp.limits.amfProperties=100",
                "rtmp.limits.amfCommandStringMaxBytes=6000"));
        canary = new Canary(server, "canary-limits");
    }

    private static String[] set(String... settings) {
        return List.of(settings).stream()
                .flatMap(setting -> List.of("--set", setting).stream())
                .toArray(String[]::new);
    }

    /// How far a client got before it goes too far, and what it is then told.
    private enum Who {
        HANDSHAKEN(""),
        CONNECTED("NetConnection.Connect.Rejected"),
        PUBLISHING("NetStream.Publish.Rejected");

        private final String told;

        Who(String told) {
            this.told = told;
        }

        RawRtmp open() {
            var client = RawRtmp.open(server.rtmpPort()).handshake();
            return switch (this) {
                case HANDSHAKEN -> client;
                case CONNECTED -> client.connect("live").createStream();
                case PUBLISHING -> publishing("abuser");
            };
        }
    }

    private static RawRtmp publishing(String name) {
        var client = RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream();
        client.publish(name);
        return client.expect("NetStream.Publish.Start");
    }

    /// What ends a connection, with what stands in the sentence that explains it.
    static List<Arguments> endings() {
        return List.of(
                ending("command-rate", Who.PUBLISHING, "flood of commands", commands(80)),
                ending("commands-before-admission", Who.CONNECTED, "Too many commands", commands(30)),
                ending("control-message-rate", Who.CONNECTED, "flood of control", hex(PING.repeat(300))),
                ending("chunk-streams", Who.CONNECTED, "More than 16 chunk streams", LimitsIT::manyChunkStreams),
                ending("small-chunks", Who.PUBLISHING, "in chunks of 1", hex(chunkSize(1) + videoHeader(70_000))),
                ending("partial-messages", Who.PUBLISHING, "More than 8 unfinished", LimitsIT::ninePartialMessages),
                ending("partial-bytes", Who.CONNECTED, "More than 16384 bytes", LimitsIT::partialBytes),
                ending("message-bytes", Who.HANDSHAKEN, "", hex(videoHeader(0xffffff))),
                ending("message-bytes", Who.CONNECTED, "8192 are allowed", hex(videoHeader(8_193))),
                ending("message-bytes", Who.PUBLISHING, "10485760 are allowed", hex(videoHeader(0xffffff))),
                ending("message-bytes", Who.PUBLISHING, "262144 are allowed", header(AUDIO, 262_145)),
                ending("message-bytes", Who.PUBLISHING, "262144 are allowed", header(DATA, 262_145)),
                ending("message-bytes", Who.PUBLISHING, "65536 are allowed", header(RawRtmp.COMMAND, 65_537)),
                ending("partial-bytes", Who.PUBLISHING, "More than 1000000 bytes", LimitsIT::partialMegabyte),
                ending("aggregate-parts", Who.PUBLISHING, "16", LimitsIT::aggregateOfManyParts),
                ending("amf-depth", Who.CONNECTED, "32 levels", amf("03000161".repeat(100))),
                ending("amf-values", Who.CONNECTED, "1000", amf("05".repeat(1_100))),
                ending("amf-array-items", Who.CONNECTED, "100 items", amf("0a00000065" + "05".repeat(101))),
                ending("amf-properties", Who.CONNECTED, "100 properties", amf(properties(101))),
                ending("amf-string-bytes", Who.CONNECTED, "6000 are allowed", amf("0c00001800" + "61".repeat(6_144))),
                ending("amf-string-bytes", Who.CONNECTED, "257", amf("030101" + "61".repeat(257) + "05000009")));
    }

    private static Arguments ending(String limit, Who who, String why, Consumer<RawRtmp> abuse) {
        return arguments("rtmp-" + limit, who, why, abuse);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("endings")
    void endsWhoGoesTooFarWithAReasonAndCountsIt(String kind, Who who, String why, Consumer<RawRtmp> abuse) {
        long before = server.hits(kind);
        try (var client = who.open()) {
            abuse.accept(client);
            client.expectClosed(SOON);
            assertThat(client.received()).contains(who.told).contains(why);
        }
        assertThat(server.hits(kind)).isEqualTo(before + 1);
        server.awaitLog("limit.hit kind=" + kind + " (from=127.0.0.1|more=)", SOON);
    }

    private static Consumer<RawRtmp> hex(String hex) {
        return client -> client.sendHex(hex);
    }

    private static Consumer<RawRtmp> commands(int count) {
        return client -> {
            for (int i = 0; i < count; i++) {
                client.command(0, "_checkbw", 0, null);
            }
        };
    }

    /// A command with this behind its name and number.
    private static Consumer<RawRtmp> amf(String hex) {
        return client -> {
            var command = new ByteArrayOutputStream();
            command.writeBytes(RawRtmp.amf("anything", 0));
            command.writeBytes(HexFormat.of().parseHex(hex));
            client.message(3, RawRtmp.COMMAND, 0, command.toByteArray());
        };
    }

    private static String properties(int count) {
        var object = new StringBuilder("03");
        for (int i = 0; i < count; i++) {
            object.append("0002%02x%02x05".formatted('a' + i / 26, 'a' + i % 26));
        }
        return object.append("000009").toString();
    }

    private static String chunkSize(int bytes) {
        return "02 000000 000004 01 00000000 %08x".formatted(bytes);
    }

    private static String videoHeader(int length) {
        return HexFormat.of().formatHex(RawRtmp.header(6, RawRtmp.VIDEO, 1, length));
    }

    private static void manyChunkStreams(RawRtmp client) {
        for (int chunkStream = 10; chunkStream < 30; chunkStream++) {
            client.trySend(RawRtmp.header(chunkStream, AUDIO, 1, 0));
        }
    }

    private static void ninePartialMessages(RawRtmp client) {
        for (int chunkStream = 10; chunkStream < 19; chunkStream++) {
            client.trySend(RawRtmp.header(chunkStream, RawRtmp.VIDEO, 1, 1_000));
            client.trySend(new byte[128]);
        }
    }

    /// Three messages of 8000 bytes without their ends: more than a stranger may make the server keep.
    private static void partialBytes(RawRtmp client) {
        for (int chunkStream = 10; chunkStream < 13; chunkStream++) {
            client.trySend(RawRtmp.header(chunkStream, RawRtmp.VIDEO, 1, 8_000));
            client.trySend(new byte[128]);
            for (int chunk = 1; chunk < 62; chunk++) {
                client.trySend(new byte[] {(byte) (0xc0 | chunkStream)});
                client.trySend(new byte[128]);
            }
        }
    }

    private static Consumer<RawRtmp> header(int type, int length) {
        return client -> client.send(RawRtmp.header(6, type, 1, length));
    }

    /// Three messages of 900 kB, half of each.
    private static void partialMegabyte(RawRtmp client) {
        client.sendHex(chunkSize(450_000));
        for (int chunkStream = 10; chunkStream < 13; chunkStream++) {
            client.trySend(RawRtmp.header(chunkStream, RawRtmp.VIDEO, 1, 900_000));
            client.trySend(new byte[450_000]);
        }
    }

    private static void aggregateOfManyParts(RawRtmp client) {
        var part = HexFormat.of().parseHex("08 000001 000000 00 000000 af 0000000c".replace(" ", ""));
        var body = new ByteArrayOutputStream();
        for (int i = 0; i < 17; i++) {
            body.writeBytes(part);
        }
        client.message(6, AGGREGATE, 1, body.toByteArray());
    }

    /// Chunks of one byte: each costs more to read than it carries.
    @Test
    void endsWhoSendsTinyChunksForFiveSeconds() {
        try (var client = publishing("tiny-chunks")) {
            client.sendHex(chunkSize(1));
            var message = new ByteArrayOutputStream();
            message.writeBytes(RawRtmp.header(6, AUDIO, 1, 1_000));
            message.write(0xaf);
            for (int i = 1; i < 1_000; i++) {
                message.write(0xc6);
                message.write(0);
            }
            Wait.until("it is closed", BY_DEADLINE, () -> !trySendAll(client, message.toByteArray(), 5));
            assertThat(client.received()).contains("NetStream.Publish.Rejected").contains("1000 chunk headers");
        }
        server.awaitHit("rtmp-chunk-header-rate");
    }

    private static boolean trySendAll(RawRtmp client, byte[] bytes, int times) {
        for (int i = 0; i < times; i++) {
            if (!client.trySend(bytes)) {
                return false;
            }
        }
        return !client.isClosed();
    }

    @Test
    void refusesTheNinthStreamAndGoesOn() {
        try (var client = Who.CONNECTED.open()) {
            for (int stream = 2; stream <= 9; stream++) {
                client.command(0, "createStream", stream, null);
            }
            client.expect("_error").expect("Too many streams");
            client.publish("ninth-stream");
            client.expect("NetStream.Publish.Start");
        }
        server.awaitHit("rtmp-streams");
    }

    @Test
    void leavesOutAnswersToAFloodOfPingsAndGoesOn() {
        try (var client = Who.CONNECTED.open()) {
            client.sendHex(PING.repeat(60));
            client.publish("after-pings");
            client.expect("NetStream.Publish.Start");
            assertThat(occurrences(client.received(), "\u0000\u0007\u0001\u0002\u0003\u0004"))
                    .isBetween(1L, 20L);
        }
        server.awaitHit("rtmp-control-reply-rate");
    }

    /// A window of one byte asks for an acknowledgement of every byte.
    @Test
    void acknowledgesTenTimesASecondAtMost() {
        try (var client = publishing("window-1")) {
            client.sendHex("02 000000 000004 05 00000000 00000001");
            long startNs = System.nanoTime();
            for (int i = 0; i < 40; i++) {
                client.message(6, AUDIO, 1, new byte[60_000]);
            }
            client.command(0, "theEnd", 99, null);
            client.expect("no such method");
            long tenths = (System.nanoTime() - startNs) / 100_000_000 + 1;
            assertThat(occurrences(client.received(), "\u0000\u0000\u0004\u0003\u0000\u0000\u0000\u0000"))
                    .isBetween(1L, tenths + 1);
        }
        server.awaitHit("rtmp-acknowledgement-rate");
    }

    private static long occurrences(String text, String wanted) {
        return Pattern.compile(Pattern.quote(wanted)).matcher(text).results().count();
    }

    /// 256 Opus tracks: sixteen are taken, and the publisher goes on.
    @Test
    void ignoresTracksBeyondTheSixteenthAndGoesOn() {
        var opusHead = "4f707573486561640102000080bb0000000000";
        try (var client = publishing("many-tracks")) {
            for (int track = 0; track < 256; track++) {
                client.message(6, AUDIO, 1, HexFormat.of().parseHex("95004f707573%02x".formatted(track) + opusHead));
            }
            server.awaitLive("live/many-tracks");
            server.awaitHit("tracks");
            client.command(0, "theEnd", 99, null);
            client.expect("no such method");
        }
        server.awaitLog("session.end .*240 ignored \\(too_many_tracks\\)", SOON);
    }

    @Test
    void refusesNamesThatAreTooLong() {
        long before = server.hits("rtmp-name-bytes");
        refusesAsTooLong("live", "x".repeat(129));
        refusesAsTooLong("live", "x?" + "y".repeat(4_097));
        refusesAsTooLong("a".repeat(513), "x");
        assertThat(server.hits("rtmp-name-bytes")).isEqualTo(before + 3);
    }

    private static void refusesAsTooLong(String app, String name) {
        try (var client =
                RawRtmp.open(server.rtmpPort()).handshake().connect(app).createStream()) {
            client.publish(name);
            client.expect("NetStream.Publish.BadName").expect("too long").expectClosed(SOON);
        }
    }

    @Test
    void aClientHasLittleTimeForEachStep() {
        try (var silent = RawRtmp.open(server.rtmpPort()).sendHex("03");
                var half = Who.HANDSHAKEN.open();
                var idle = Who.CONNECTED.open();
                var quiet = publishing("quiet")) {
            silent.expectClosed(BY_DEADLINE);
            half.expectClosed(BY_DEADLINE);
            idle.expect("NetConnection.Connect.Rejected").expect("neither publish nor play within 4000 ms");
            idle.expectClosed(BY_DEADLINE);
            quiet.expect("NetStream.Publish.Rejected").expect("the publisher was silent");
            quiet.expectClosed(BY_DEADLINE);
        }
        for (var limit : List.of("handshake-time", "connect-time", "start-time", "read-idle-time")) {
            server.awaitHit("rtmp-" + limit);
        }
    }

    @Test
    void aConnectionThatNeverSaysWhatItIsIsClosed() {
        try (var strange = SluiceProcess.serve("--set", "limits.firstBytesTimeoutMs=300");
                var nobody = RawRtmp.open(strange.rtmpPort())) {
            nobody.expectClosed(SOON);
            strange.awaitHit("first-bytes-timeout");
        }
    }

    /// Both send pings all the time, so they are not silent.
    @Test
    void aPublisherHasToSendMedia() {
        try (var never = publishing("no-media-ever");
                var noMore = publishing("no-media-any-more")) {
            noMore.message(6, AUDIO, 1, new byte[] {(byte) 0xaf, 0, 0x12, 0x10});
            for (var client : List.of(never, noMore)) {
                Wait.until("it is told", BY_DEADLINE, () -> {
                    never.trySend(HexFormat.of().parseHex(PING.replace(" ", "")));
                    noMore.trySend(HexFormat.of().parseHex(PING.replace(" ", "")));
                    client.isClosed();
                    return client.received().contains("neither audio nor video for");
                });
                assertThat(client.received()).contains("NetStream.Publish.Rejected");
                client.expectClosed(SOON);
            }
        }
        server.awaitHit("first-media");
        server.awaitHit("media-idle");
    }

    /// Two players stop reading. One goes on after a while, when it is far behind.
    @Test
    void aPlayerThatTakesTooLittleIsBroughtForwardAndOneThatTakesNothingIsClosed() {
        try (var strict = SluiceProcess.serve(set("hub.lagMaxMs=500", "hub.lagMaxBytes=65536", "hub.stallMaxMs=5000"));
                var publisher = Ffmpeg.publish(Clips.heavy(), strict.rtmp("live/heavy"))) {
            strict.awaitLive("live/heavy");
            try (var slow = RawRtmp.open(strict.rtmpPort(), 4_096);
                    var frozen = RawRtmp.open(strict.rtmpPort(), 4_096)) {
                for (var player : List.of(slow, frozen)) {
                    player.handshake().connect("live").createStream();
                    player.play("heavy");
                    player.expect("NetStream.Play.Start");
                }
                Wait.until("5 s of it were published", BY_DEADLINE, () -> uptimeMs(strict) > 5_000);
                Wait.until("the operator sees how far they are behind", SOON, () -> playersBehind(strict) == 2);
                Wait.until("the slow one jumps", SOON, () -> {
                    for (int i = 0; i < 1_000 && !slow.isClosed(); i++) {
                        // takes what came meanwhile
                    }
                    return strict.hits("viewer-lag") > 0;
                });
                strict.awaitHit("viewer-stall");
            }
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    /// Players for whom something has been waiting for more than 100 ms.
    private static long playersBehind(SluiceProcess server) {
        return Pattern.compile("\"role\":\"playing\"[^}]*\"lagBytes\":[1-9]\\d*,\"lagMs\":[1-9]\\d{2,}")
                .matcher(RawHttp.get(server.httpPort(), "/-/sessions.json").body())
                .results()
                .count();
    }

    private static long uptimeMs(SluiceProcess server) {
        var uptime = Pattern.compile("\"uptimeMs\":(\\d+)")
                .matcher(RawHttp.get(server.httpPort(), "/-/streams.json").body());
        return uptime.find() ? Long.parseLong(uptime.group(1)) : 0;
    }

    @Test
    void anHttpHeadThatIsTooLargeIsAnsweredAndCounted() {
        var answer = RawHttp.request(
                server.httpPort(), "GET / HTTP/1.1", "Host: localhost", "X-Long: " + "x".repeat(20_000));
        assertThat(answer.status()).isEqualTo(431);
        assertThat(server.hits("http-headers")).isEqualTo(1);
        var line = RawHttp.request(server.httpPort(), "GET /" + "x".repeat(9_000) + " HTTP/1.1", "Host: localhost");
        assertThat(line.status()).isEqualTo(414);
        assertThat(server.hits("http-request-line")).isEqualTo(1);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theCanaryLostNothing() {
        canary.assertUnharmed();
    }
}
