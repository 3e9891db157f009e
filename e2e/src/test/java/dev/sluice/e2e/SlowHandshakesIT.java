package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Crowds that begin something and never get on with it, and somebody who means it. A crowd is 1,500 connections
/// here; `-Dsluice.crowd=10000` makes it as large as our goal says. Limits for an address shut out nobody of it:
/// loopback is free of them.
class SlowHandshakesIT {
    private static final int CROWD = Integer.getInteger("sluice.crowd", 1_500);
    private static final int TRIES = 9;
    private static final long MAX_MS = 200;

    /// What a connection of a crowd says, and the limit that many of them run into.
    private enum Slow {
        TLS_HELLO("tls-handshakes"),
        RTMP_HANDSHAKE("unauthenticated-total"),
        TUNNEL("rtmp-tunnels");

        private final String limit;

        Slow(String limit) {
            this.limit = limit;
        }

        byte[] beginning() {
            return switch (this) {
                case TLS_HELLO -> HexFormat.of().parseHex("1603010200010001fc0303");
                case RTMP_HANDSHAKE -> Arrays.copyOf(new byte[] {3}, 500);
                case TUNNEL ->
                    "POST /open/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n\0"
                            .getBytes(StandardCharsets.US_ASCII);
            };
        }

        SlowCrowd crowd(SluiceProcess server) throws IOException {
            return this == TUNNEL
                    ? new SlowCrowd(server.httpPort(), beginning(), false, CROWD)
                    : new SlowCrowd(server.rtmpPort(), beginning(), true, CROWD);
        }
    }

    @ParameterizedTest
    @EnumSource(Slow.class)
    void aCrowdOfSlowConnectionsDelaysNobodyElse(Slow slow) throws IOException {
        try (var server = server();
                var canary = new Canary(server, "canary-" + slow)) {
            publish(server, false, "warm-up");
            publish(server, true, "warm-up");
            try (var crowd = slow.crowd(server)) {
                server.awaitHit(slow.limit);
                isPrompt(slow + " rtmp", publish(server, false, slow.name()));
                isPrompt(slow + " rtmps", publish(server, true, slow.name()));
                publishesOver(server, "rtmps://127.0.0.1:" + server.rtmpPort());
                publishesOver(server, "rtmpt://127.0.0.1:" + server.httpPort());
                TestFiles.write("slow-" + slow + ".txt", CROWD + " and " + crowd.replaced() + " anew\n");
            }
            canary.assertUnharmed();
        }
    }

    /// A small crowd gets to know a limit for small crowds.
    private static SluiceProcess server() {
        return CROWD > 4_000
                ? SluiceProcess.serve("--set", "continuity.waitMs=2000")
                : SluiceProcess.serve("--set", "continuity.waitMs=2000", "--set", "limits.unauthenticatedTotal=1200");
    }

    /// From before the connection until the publish is accepted, milliseconds, sorted.
    private static List<Long> publish(SluiceProcess server, boolean tls, String name) {
        var times = new ArrayList<Long>();
        for (int i = 0; i < TRIES; i++) {
            long startNs = System.nanoTime();
            try (var rtmp = tls ? RawRtmp.openTls(server.rtmpPort()) : RawRtmp.open(server.rtmpPort())) {
                rtmp.handshake().connect("live").createStream();
                rtmp.publish(name + "-" + tls + "-" + i);
                rtmp.expect("NetStream.Publish.Start");
                times.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
            }
        }
        times.sort(null);
        return times;
    }

    private static void isPrompt(String what, List<Long> timesMs) {
        TestFiles.write("slow-" + what.replace(' ', '-') + ".txt", CROWD + ": " + timesMs + " ms\n");
        assertThat(timesMs.get(TRIES / 2))
                .as("%s: median of %s ms", what, timesMs)
                .isLessThan(MAX_MS);
    }

    private static void publishesOver(SluiceProcess server, String address) {
        var stream = "live/ffmpeg-" + address.substring(0, 5);
        try (var publisher = Ffmpeg.publish(Clips.small(), address + "/" + stream)) {
            server.awaitLive(stream);
            assertThat(publisher.isRunning()).isTrue();
        }
    }
}
