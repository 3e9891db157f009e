package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// One RTMP connection that does more than one thing, or something at an awkward moment.
class ConnectionsIT {
    private static final Duration SOON = Duration.ofSeconds(15);

    private static SluiceProcess server;

    @BeforeAll
    static void start() {
        server = SluiceProcess.serve("--set", "continuity.waitMs=500");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawRtmp connected() {
        return RawRtmp.open(server.rtmpPort()).handshake().connect("live").createStream();
    }

    @Test
    void playersOverEveryProtocolAreReleasedWhenThePublisherIsKilled() {
        var flvHashes = TestFiles.path("released-flv.md5");
        var rtmpHashes = TestFiles.path("released-rtmp.md5");
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/released"))) {
            server.awaitLive("live/released");
            try (var flv = Ffmpeg.hash(server.flv("live/released"), flvHashes);
                    var rtmp = Ffmpeg.hash(server.rtmp("live/released"), rtmpHashes);
                    var raw = connected()) {
                raw.play("released");
                raw.expect("NetStream.Play.Start");
                server.awaitHls("live/released");
                publisher.kill();
                raw.expect("NetStream.Play.UnpublishNotify").expectClosed(SOON);
                flv.succeeds(SOON);
                rtmp.succeeds(SOON);
            }
        }
    }

    @Test
    void theLogSaysWhatAPlayerGotThatJustWentAway() {
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/brief"))) {
            server.awaitLive("live/brief");
            try (var player = connected()) {
                player.play("brief");
                player.expect("NetStream.Play.Start").expect("onMetaData");
            }
            server.awaitLog("session.end .*the client closed the connection; [1-9]\\d* bytes, 0 jumps", SOON);
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    @Test
    void aSecondPlayOnOneConnectionIsRefusedAndTheFirstGoesOn() {
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/twice"));
                var player = connected()) {
            server.awaitLive("live/twice");
            player.play("twice");
            player.expect("NetStream.Play.Start");
            player.command(0, "createStream", 4, null);
            player.command(2, "play", 5, null, "twice", -2000);
            player.expect("NetStream.Play.Failed").expect("open another");
            assertThat(player.isClosed()).isFalse();
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    @Test
    void aPausedPlayerIsReleasedWhenItsStreamEnds() {
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/paused"));
                var player = connected()) {
            server.awaitLive("live/paused");
            player.play("paused");
            player.expect("NetStream.Play.Start");
            player.command(1, "pause", 0, null, true, 0);
            player.expect("NetStream.Pause.Notify");
            publisher.kill();
            player.expect("NetStream.Play.UnpublishNotify").expectClosed(SOON);
        }
    }

    @Test
    void aPlayerMayPauseAndPlayAgainAsOftenAsItLikes() {
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/restless"));
                var player = connected()) {
            server.awaitLive("live/restless");
            player.play("restless");
            player.expect("NetStream.Play.Start");
            for (int i = 0; i < 10; i++) {
                player.command(1, "pause", 0, null, true, 0);
                player.command(1, "pause", 0, null, false, 0);
            }
            player.expect("NetStream.Unpause.Notify");
            player.command(1, "closeStream", 0, null);
            player.play("restless");
            player.command(1, "pause", 0, null, true, 0);
            server.awaitLog("session.idle id=", SOON);
            assertThat(player.isClosed()).isFalse();
            assertThat(publisher.isRunning()).isTrue();
        }
    }

    @Test
    void aPublisherGoesOnWhenTheStreamThatItPlaysEnds() {
        try (var other = Ffmpeg.publish(Clips.small(), server.rtmp("live/watched"));
                var both = connected()) {
            server.awaitLive("live/watched");
            both.publish("kept");
            both.expect("NetStream.Publish.Start");
            both.command(0, "createStream", 4, null);
            both.command(2, "play", 5, null, "watched", -2000);
            both.expect("NetStream.Play.Start");
            other.kill();
            both.expect("NetStream.Play.UnpublishNotify");
            server.awaitGone("live/watched");
            assertThat(both.isClosed()).isFalse();
            assertThat(RawHttp.get(server.httpPort(), "/-/streams.json").body()).contains("\"kept\"");
        }
    }

    @Test
    void aPlayerMayNotSendWhatOnlyPublishersSend() {
        try (var publisher = Ffmpeg.publish(Clips.small(), server.rtmp("live/abused"));
                var player = connected()) {
            server.awaitLive("live/abused");
            player.play("abused");
            player.expect("NetStream.Play.Start");
            // a video message of 10 MiB, promised: strangers and players may send 8 KiB
            player.send(RawRtmp.header(6, 9, 1, 10 << 20));
            player.expectClosed(SOON);
            assertThat(publisher.isRunning()).isTrue();
        }
    }
}
