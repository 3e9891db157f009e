package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Strangers with bad manners on the RTMP port. Each may lose its own connection and nothing else.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputIT {
    /// Sooner than any deadline ends it.
    private static final Duration AT_ONCE = Duration.ofSeconds(4);
    private static final Duration BY_DEADLINE = Duration.ofSeconds(20);
    private static final int MIB = 1 << 20;

    @AutoClose
    private static SluiceProcess server;

    @AutoClose
    private static Canary canary;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(
                List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"), // so that memory grows off the heap only
                "--set",
                "rtmp.readIdleMs=3000",
                "--set",
                "continuity.waitMs=500");
        canary = new Canary(server, "canary-rtmp");
    }

    @Test
    void garbageInsteadOfAHandshakeIsClosed() {
        for (var first : new String[] {"00", "ff", "0455", "16030100", "ffffffffffff", "1f8b0800"}) {
            try (var stranger = RawRtmp.open(server.rtmpPort()).sendHex(first)) {
                stranger.trySend(new byte[2_000]);
                stranger.expectClosed(AT_ONCE);
            }
        }
    }

    @Test
    void httpOnTheRtmpPortIsClosedAndSaidSo() {
        try (var stranger = RawRtmp.open(server.rtmpPort())) {
            stranger.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            stranger.expectClosed(AT_ONCE);
        }
        server.awaitLog("session.end .*HTTP", BY_DEADLINE);
    }

    /// What clients put into C2 is not looked at; some send anything.
    @Test
    void garbageInTheHandshakeDoesNoHarm() {
        try (var client = RawRtmp.open(server.rtmpPort())) {
            var hello = random(1, 1 + 2 * 1536);
            hello[0] = 3;
            client.send(hello);
            client.connect("live");
        }
    }

    @Test
    void garbageAfterTheHandshakeIsClosedByTheDeadlineAtTheLatest() {
        var strangers = new ArrayList<RawRtmp>();
        for (int seed = 0; seed < 20; seed++) {
            var stranger = RawRtmp.open(server.rtmpPort()).handshake();
            stranger.trySend(random(seed, 5_000));
            strangers.add(stranger);
        }
        strangers.forEach(stranger -> {
            stranger.expectClosed(BY_DEADLINE);
            stranger.close();
        });
    }

    /// Sent after a handshake.
    static List<Arguments> abuse() {
        return List.of(
                arguments("chunk size 0", "02 000000 000004 01 00000000 00000000"),
                arguments("chunk size with its top bit", "02 000000 000004 01 00000000 80000001"),
                arguments(
                        "chunk size 1, then 16 MiB",
                        "02 000000 000004 01 00000000 00000001 06 000000 ffffff 09 01000000 00"),
                arguments("truncated control message", "02 000000 000002 01 00000000 0001"),
                arguments(
                        "continuation with a new length",
                        "06 000000 000200 09 01000000" + "00".repeat(128) + "06 000000 000400 09 01000000"
                                + "00".repeat(128)),
                arguments("type 3 chunk on an unused chunk stream", "c9"),
                arguments("16 MiB message before admission", "06 000000 ffffff 09 01000000" + "00".repeat(128)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("abuse")
    void protocolAbuseIsClosed(String name, String hex) {
        try (var stranger = RawRtmp.open(server.rtmpPort()).handshake()) {
            stranger.sendHex(hex);
            stranger.expectClosed(AT_ONCE);
        }
    }

    /// What stands where the command object of `connect` should be.
    static List<Arguments> amfBombs() {
        return List.of(
                arguments("objects 1000 deep", "03000161", 1000),
                arguments("an array of 4 billion items", "0affffffff", 1),
                arguments("a string beyond the message", "0c7fffffff", 1),
                arguments("an object that does not end", "03000161", 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("amfBombs")
    void amfBombsEndTheirConnection(String name, String hex, int times) {
        var connect = HexFormat.of().formatHex(RawRtmp.amf("connect", 1));
        try (var stranger = RawRtmp.open(server.rtmpPort()).handshake()) {
            stranger.message(3, RawRtmp.COMMAND, 0, HexFormat.of().parseHex(connect + hex.repeat(times)));
            stranger.expectClosed(BY_DEADLINE);
            assertThat(stranger.received()).doesNotContain("NetConnection.Connect.Success");
        }
    }

    /// 50 strangers promise eight messages of 16 MiB each, 6 GiB in all.
    @Test
    void promisedLengthsCostNothing() {
        long before = server.residentBytes();
        var strangers = new ArrayList<RawRtmp>();
        for (int i = 0; i < 50; i++) {
            var stranger = RawRtmp.open(server.rtmpPort()).handshake();
            for (int chunkStream = 4; chunkStream < 64; chunkStream++) {
                stranger.trySend(RawRtmp.header(chunkStream, RawRtmp.VIDEO, 1, 0xffffff));
                stranger.trySend(new byte[128]);
            }
            strangers.add(stranger);
        }
        assertThat(server.residentBytes() - before).as("growth in bytes").isLessThan(64L * MIB);
        strangers.forEach(stranger -> {
            stranger.expectClosed(BY_DEADLINE);
            stranger.close();
        });
    }

    /// After admission too: a publisher that opens message after message and finishes none.
    @Test
    void aPublisherMayNotBeginNineMessagesAtOnce() {
        try (var stranger = publishing("partial")) {
            for (int chunkStream = 4; chunkStream < 64; chunkStream++) {
                stranger.trySend(RawRtmp.header(chunkStream, RawRtmp.VIDEO, 1, 0x0fffff));
                stranger.trySend(new byte[128]);
            }
            stranger.expectClosed(AT_ONCE);
        }
        server.awaitGone("live/partial");
    }

    /// Everybody who keeps us waiting, at the same time.
    @Test
    void whoeverIsSlowIsClosedByADeadline() {
        var slow = new LinkedHashMap<String, RawRtmp>();
        slow.put("says nothing", RawRtmp.open(server.rtmpPort()));
        slow.put("half a handshake", RawRtmp.open(server.rtmpPort()).sendHex("03" + "00".repeat(700)));
        slow.put("no connect", RawRtmp.open(server.rtmpPort()).handshake());
        slow.put(
                "half a connect",
                RawRtmp.open(server.rtmpPort()).handshake().sendHex("03000000 000100 14 00000000 0200"));
        slow.put("publishes half a message", publishing("half").sendHex("06 000000 000200 09 01000000 17 01"));
        slow.forEach((name, stranger) -> {
            Wait.until(name + " is closed", BY_DEADLINE, stranger::isClosed);
            stranger.close();
        });
        server.awaitGone("live/half");
    }

    @Test
    void slowLorisIsClosedByTheHandshakeDeadline() {
        try (var loris = RawRtmp.open(server.rtmpPort()).sendHex("03")) {
            Wait.until("slow loris is closed", BY_DEADLINE, () -> !loris.trySend(new byte[1]) || loris.isClosed());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/x",
                "..%2f..%2fx",
                "a/../../b",
                "a\\..\\b",
                "a\u0000b",
                "%2e%2e",
                "a b",
                "\uD83D\uDC1F",
                ".hidden",
                "a%0d%0aFAKE",
                "<script>alert(1)</script>",
                "con",
                ""
            })
    void impossibleNamesAreRefusedReadably(String name) {
        try (var client =
                RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream()) {
            client.publish(name);
            client.expect("NetStream.Publish.BadName");
            client.expectClosed(AT_ONCE);
        }
        try (var client =
                RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream()) {
            client.play(name);
            client.expect("NetStream.Play.");
            assertThat(client.received()).doesNotContain("NetStream.Play.Start");
        }
        assertThat(server.data().toFile().list()).isSubsetOf("tls");
    }

    @Test
    void aNameOf4KiBIsRefused() {
        try (var client =
                RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream()) {
            client.publish("a".repeat(4096));
            client.expect("NetStream.Publish.BadName");
        }
    }

    @Test
    void reservedApplicationsAreRefused() {
        for (var app : new String[] {
            "api", "console", "metrics", "health", "stat", "control", "fcs", "open", "send", "idle", "close"
        }) {
            try (var client =
                    RawRtmp.open(server.rtmpPort()).handshake().connect(app).createStream()) {
                client.publish("x");
                client.expect("reserved");
            }
        }
    }

    @Test
    void whatClientsCallThemselvesCannotForgeALogLine() {
        try (var client = RawRtmp.open(server.rtmpPort())
                .handshake()
                .connect("live", "\r\nFAKE [INFO] login ok\u001b[2J<script>alert(1)</script>")) {
            client.createStream().publish("forger");
            client.expect("NetStream.Publish.Start");
            server.awaitLog("session.publish .*stream=live/forger .*login ok", BY_DEADLINE);
            client.message(6, 8, 1, new byte[] {(byte) 0xaf, 0, 0x12, 0x10});
            server.awaitLive("live/forger");
            assertThat(RawHttp.get(server.httpPort(), "/-/streams.json").body()).doesNotContain("alert", "FAKE");
        }
        assertThat(server.log()).doesNotContain("\u001b").doesNotContainPattern("(?m)^FAKE");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theCanaryLostNothing() {
        canary.assertUnharmed();
    }

    private static RawRtmp publishing(String name) {
        var client = RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream();
        client.publish(name);
        return client.expect("NetStream.Publish.Start");
    }

    private static byte[] random(long seed, int bytes) {
        var garbage = new byte[bytes];
        new Random(seed).nextBytes(garbage);
        return garbage;
    }
}
