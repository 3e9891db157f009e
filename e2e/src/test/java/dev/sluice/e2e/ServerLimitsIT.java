package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Limits of the whole server: connections, guesses, memory.
class ServerLimitsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int ROOM = 20;
    private static final String CONFIGURATION = """
            limits: { connectionsTotal: %d }
            admission: { maxFailures: 3, blockMs: 60000 }
            hub: { memoryMaxBytes: 60000 }
            apps:
              keyed:
                publish: keys
                keys: { cam: correct-horse }
            """.formatted(ROOM);

    @AutoClose
    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve(
                "-c", TestFiles.write("server-limits.yaml", CONFIGURATION).toString());
    }

    @Test
    void oneConnectionTooManyIsClosedAtOnceAndManyOfThemAreOneLine() {
        var inside = new ArrayList<RawRtmp>();
        for (int i = 0; i < ROOM; i++) {
            inside.add(RawRtmp.open(server.rtmpPort()).handshake());
        }
        for (int i = 0; i < 30; i++) {
            try (var outside = RawRtmp.open(server.rtmpPort())) {
                outside.expectClosed(SOON);
            }
        }
        inside.forEach(RawRtmp::close);
        Wait.until("there is room again and 30 hits are counted", SOON, () -> {
            try {
                return server.hits("connections-total") >= 30;
            } catch (UncheckedIOException | AssertionError refused) {
                return false;
            }
        });
        assertThat(server.log().lines().filter(line -> line.contains("limit.hit kind=connections-total")))
                .hasSize(1);
    }

    @Test
    void whoGuessesKeysIsBlockedAndToldForHowLong() {
        for (int i = 0; i < 3; i++) {
            assertThat(refusalOf("cam?key=guess" + i)).contains("needs its key");
        }
        assertThat(refusalOf("cam?key=correct-horse"))
                .contains("too many failures")
                .contains("try again in");
        assertThat(server.hits("failed-logins")).isEqualTo(1);
    }

    private static String refusalOf(String key) {
        try (var encoder =
                RawRtmp.open(server.rtmpPort()).handshake().connect("keyed").createStream()) {
            encoder.publish(key);
            encoder.expect("NetStream.Publish.Denied");
            encoder.expectClosed(SOON);
            return encoder.received();
        }
    }

    @Test
    void anotherStreamThatWouldNotFitIntoMemoryIsRefused() {
        try (var first = Ffmpeg.publish(Clips.small(), server.rtmp("live/first"))) {
            Wait.until("there is no memory for another", Duration.ofSeconds(20), () -> {
                try (var second = RawRtmp.open(server.rtmpPort())
                        .handshake()
                        .connect("live")
                        .createStream()) {
                    second.publish("second");
                    second.expect("NetStream.Publish.");
                    return second.received().contains("NetStream.Publish.Rejected")
                            && second.received().contains("hub.memoryMaxBytes");
                }
            });
            assertThat(first.isRunning()).isTrue();
        }
        server.awaitHit("stream-memory");
    }

    /// Objects, not guesses: what 500 connections leave in the heap when nothing of it is garbage.
    @Test
    void aConnectionThatOnlyConnectedCostsLittle() {
        try (var idle = SluiceProcess.serve()) {
            warmUp(idle);
            long before = idle.liveHeapBytes();
            var connections = new ArrayList<RawRtmp>();
            for (int i = 0; i < 500; i++) {
                connections.add(RawRtmp.open(idle.rtmpPort()).handshake().connect("live"));
            }
            long each = (idle.liveHeapBytes() - before) / connections.size();
            connections.forEach(RawRtmp::close);
            assertThat(each).as("bytes of heap for each connection").isBetween(500L, 16L << 10);
        }
    }

    private static void warmUp(SluiceProcess server) {
        List.of(1, 2, 3)
                .forEach(i -> RawRtmp.open(server.rtmpPort())
                        .handshake()
                        .connect("live")
                        .close());
    }
}
