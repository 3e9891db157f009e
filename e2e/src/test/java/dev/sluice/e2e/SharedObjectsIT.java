package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Shared objects, between clients that speak byte by byte.
class SharedObjectsIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration BY_DEADLINE = Duration.ofSeconds(15);
    private static final int SHARED_OBJECT_AMF3 = 16;
    private static final int SHARED_OBJECT = 19;
    private static final String KIND = "rtmp-shared-objects";

    @AutoClose
    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        server = sharing();
    }

    private static SluiceProcess sharing(String... settings) {
        var options = new ArrayList<>(List.of("--set", "rtmp.sharedObjects.enabled=true"));
        for (var setting : settings) {
            options.addAll(List.of("--set", setting));
        }
        return SluiceProcess.serve(options.toArray(String[]::new));
    }

    private static RawRtmp connect(SluiceProcess to) {
        return RawRtmp.open(to.rtmpPort()).handshake().connect("live");
    }

    private static RawRtmp using(String name) {
        var client = connect(server);
        says(client, name, "01 00000000");
        return client.expect(saying(name, 0, "0b 00000000 08 00000000"));
    }

    /// @param events hexadecimal: type, length and data of each
    private static void says(RawRtmp client, String name, String events) {
        client.message(3, SHARED_OBJECT, 0, body(name, 0, HexFormat.of().parseHex(events.replace(" ", ""))));
    }

    /// What the server says, as it stands in [RawRtmp#received()].
    private static String saying(String name, int version, String events) {
        var body = body(name, version, HexFormat.of().parseHex(events.replace(" ", "")));
        var message = new ByteArrayOutputStream();
        message.writeBytes(RawRtmp.header(3, SHARED_OBJECT, 0, body.length));
        message.writeBytes(body);
        return message.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(String name, int version, byte[] events) {
        return ByteBuffer.allocate(2 + name.length() + 12 + events.length)
                .putShort((short) name.length())
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .putLong(0)
                .put(events)
                .array();
    }

    private static String event(int type, String data) {
        return "%02x%08x%s".formatted(type, data.replace(" ", "").length() / 2, data);
    }

    private static String text(String text) {
        return "%04x".formatted(text.length()) + HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Until the server has worked off all that the client said before.
    private static void awaitQuiet(RawRtmp client) {
        client.command(0, "areYouThere", 77, null);
        client.expect("no such method");
    }

    @Test
    void twoClientsSeeTheSameObject() {
        var one = text("n") + "00 3ff0000000000000";
        try (var anna = using("chat");
                var bert = using("chat")) {
            says(anna, "chat", event(3, one));
            anna.expect(saying("chat", 1, event(5, text("n"))));
            bert.expect(saying("chat", 1, event(4, one)));
            var call = event(6, "02" + text("say") + "02" + text("hello"));
            says(bert, "chat", call);
            anna.expect(saying("chat", 1, call));
            bert.expect(saying("chat", 1, call));
            try (var carl = connect(server)) {
                says(carl, "chat", "01 00000000");
                carl.expect(saying("chat", 1, "0b 00000000 08 00000000" + event(4, one)));
            }
            says(bert, "chat", event(10, text("n")));
            anna.expect(saying("chat", 2, event(9, text("n"))));
            bert.expect(saying("chat", 2, event(9, text("n"))));
        }
    }

    @Test
    void whoReleasedTheObjectHearsNoMoreOfItAndItEndsWithItsLastUser() {
        var one = text("n") + "00 3ff0000000000000";
        try (var anna = using("short");
                var bert = using("short")) {
            says(bert, "short", "02 00000000");
            awaitQuiet(bert);
            says(anna, "short", event(3, one));
            anna.expect(saying("short", 1, event(5, text("n"))));
            awaitQuiet(bert);
            assertThat(bert.received()).doesNotContain(saying("short", 1, event(4, one)));
        }
        Wait.until("the object is gone", SOON, () -> {
            try (var again = connect(server)) {
                says(again, "short", "01 00000000");
                again.expect("\u0000\u0005short");
                return again.received().contains(saying("short", 0, "0b 00000000 08 00000000"));
            }
        });
    }

    /// As clients of object encoding 3 say it.
    @Test
    void messagesOfType16AreUnderstood() {
        try (var flex = connect(server)) {
            var body = new ByteArrayOutputStream();
            body.write(0);
            body.writeBytes(body("flex", 0, HexFormat.of().parseHex("0100000000")));
            flex.message(3, SHARED_OBJECT_AMF3, 0, body.toByteArray());
            flex.expect(saying("flex", 0, "0b 00000000 08 00000000"));
        }
    }

    @Test
    void everyLimitIsAnsweredAndCountedAndTheConnectionGoesOn() {
        try (var strict = sharing(
                        "rtmp.sharedObjects.perConnection=2",
                        "rtmp.sharedObjects.keys=2",
                        "rtmp.sharedObjects.bytes=100");
                var client = connect(strict)) {
            for (var name : List.of("a", "b", "c")) {
                says(client, name, "01 00000000");
            }
            client.expect(text16("SharedObject.Limit.Objects") + text16("error"));
            says(client, "a", event(3, text("x") + "05") + event(3, text("y") + "05") + event(3, text("z") + "05"));
            client.expect(text16("SharedObject.Limit.Keys"));
            says(client, "b", event(3, text("x") + "02" + text("y".repeat(97))));
            client.expect(text16("SharedObject.Limit.Bytes"));
            says(client, "b", event(3, text("x") + "05"));
            client.expect(saying("b", 1, event(5, text("x"))));
            assertThat(strict.hits(KIND)).isEqualTo(3);
        }
    }

    private static String text16(String text) {
        return (char) 0 + "" + (char) text.length() + text;
    }

    @Test
    void whoFloodsIsEnded() {
        try (var flood = using("flood")) {
            for (int i = 0; i < 100; i++) {
                flood.trySend(message("flood", "01 00000000"));
            }
            flood.expectClosed(SOON);
            assertThat(flood.received()).contains("A flood of shared object messages.");
        }
    }

    private static byte[] message(String name, String events) {
        var body = body(name, 0, HexFormat.of().parseHex(events.replace(" ", "")));
        return ByteBuffer.allocate(12 + body.length)
                .put(RawRtmp.header(3, SHARED_OBJECT, 0, body.length))
                .put(body)
                .array();
    }

    /// One connection fills an object, another asks for it again and again and reads nothing.
    @Test
    void whoDoesNotTakeWhatItIsSentIsEnded() {
        try (var strict = sharing("rtmp.sharedObjects.pendingMaxBytes=65536", "rtmp.limits.commandsPerSecond=1000");
                var writer = connect(strict);
                var frozen = RawRtmp.open(strict.rtmpPort(), 4_096)) {
            says(writer, "big", "01 00000000");
            for (int key = 0; key < 32; key++) {
                says(writer, "big", event(3, text("k" + key) + "02" + text("x".repeat(7_500))));
            }
            writer.expect(text16("k31"));
            frozen.handshake().connect("live");
            Wait.until("it is ended", BY_DEADLINE, () -> {
                for (int i = 0; i < 5; i++) {
                    frozen.trySend(message("big", "01 00000000"));
                }
                return strict.hits(KIND) > 0;
            });
            strict.awaitLog("session.end .*takes the changes of its shared objects too slowly", SOON);
            says(writer, "big", event(3, text("k0") + "05"));
            writer.expect(saying("big", 33, event(5, text("k0"))));
        }
    }

    /// A chat needs no stream.
    @Test
    void whoUsesAnObjectMayStayWithoutPublishingOrPlaying() {
        try (var hasty = sharing("rtmp.startMs=1000");
                var anna = connect(hasty);
                var idle = connect(hasty)) {
            says(anna, "chat", "01 00000000");
            idle.expectClosed(BY_DEADLINE);
            says(anna, "chat", "02 00000000");
            anna.expect("NetConnection.Connect.Rejected").expectClosed(BY_DEADLINE);
            assertThat(hasty.hits("rtmp-start-time")).isEqualTo(2);
        }
    }

    @Test
    void anApplicationMayShareAndAnotherNot() {
        var file = TestFiles.write("sharing.yaml", """
                apps:
                  chat:
                    rtmp: { sharedObjects: { enabled: true } }
                """);
        try (var some = SluiceProcess.serve("-c", file.toString());
                var chat = RawRtmp.open(some.rtmpPort()).handshake().connect("chat");
                var live = connect(some)) {
            says(chat, "a", "01 00000000");
            chat.expect(saying("a", 0, "0b 00000000 08 00000000"));
            says(live, "a", "01 00000000");
            awaitQuiet(live);
            assertThat(live.received()).doesNotContain(saying("a", 0, "0b 00000000 08 00000000"));
        }
    }

    @Test
    void asShippedNothingIsSharedWhateverIsSaid() {
        try (var shipped = SluiceProcess.serve();
                var client = connect(shipped)) {
            for (int i = 0; i < 100; i++) {
                says(client, "chat", "01 00000000");
                client.message(3, SHARED_OBJECT, 0, new byte[] {-1, -1});
            }
            awaitQuiet(client);
            assertThat(client.received()).doesNotContain("chat");
            assertThat(shipped.hits(KIND)).isZero();
        }
    }
}
