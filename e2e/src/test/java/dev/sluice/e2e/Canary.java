package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;

/// An FFmpeg that publishes and an FFmpeg that plays it, while others behave badly to the same server.
/// Afterwards not one packet may be missing between the two.
final class Canary implements AutoCloseable {
    static final String STREAM = "live/canary";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Program publisher;
    private final Program player;
    private final Path played;

    /// Returns when the player plays.
    Canary(SluiceProcess server, String name) {
        this(server, name, STREAM);
    }

    /// The same with a stream of its own, for a server that has seen others.
    Canary(SluiceProcess server, String name, String stream) {
        publisher = Ffmpeg.publish(Clips.small(), server.rtmp(stream));
        server.awaitLive(stream);
        played = TestFiles.path(name + ".md5");
        player = Ffmpeg.hash(server.rtmp(stream), played);
        server.awaitLog("session.play .*stream=" + stream, SOON);
    }

    /// Ends both, and looks at what was played.
    void assertUnharmed() {
        assertThat(publisher.isRunning())
                .as("the publisher runs; it printed:\n" + publisher.output())
                .isTrue();
        assertThat(player.isRunning())
                .as("the player runs; it printed:\n" + player.output())
                .isTrue();
        publisher.terminate();
        publisher.exitCode(SOON);
        player.succeeds(SOON);
        var source = Ffmpeg.hashesOf(Clips.small());
        var copy = Recording.read(played);
        copy.isRunOf(source, "video");
        copy.isRunOf(source, "audio");
    }

    @Override
    public void close() {
        publisher.close();
        player.close();
    }
}
