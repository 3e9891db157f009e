package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// FFmpeg plays a live stream over RTMP and over HTTP-FLV, and writes down what comes. A pair that has begun stays
/// connected, or the test fails.
final class PlayerPair implements AutoCloseable {
    /// About one second of a clip with sound.
    static final int ENOUGH_PACKETS = 60;

    private static final Duration SOON = Duration.ofSeconds(15);

    private final Path rtmpFile;
    private final Path flvFile;
    private final Program rtmp;
    private final Program flv;

    PlayerPair(SluiceProcess server, String stream) {
        var name = stream.replace('/', '-');
        rtmpFile = TestFiles.path(name + "-rtmp.md5");
        flvFile = TestFiles.path(name + "-flv.md5");
        rtmp = Ffmpeg.hash(server.rtmp(stream), rtmpFile);
        flv = Ffmpeg.hash(server.flv(stream), flvFile);
        awaitMore(ENOUGH_PACKETS);
    }

    /// Until both have written so many more packets.
    void awaitMore(int packets) {
        long rtmpBefore = lines(rtmpFile);
        long flvBefore = lines(flvFile);
        Wait.until("both players go on", SOON, () -> {
            assertAlive();
            return lines(rtmpFile) >= rtmpBefore + packets && lines(flvFile) >= flvBefore + packets;
        });
    }

    /// Until neither has written anything for so long.
    void awaitSilence(Duration length) {
        long[] seen = {0, System.nanoTime()};
        Wait.until("both players wait", SOON, () -> {
            assertAlive();
            long now = lines(rtmpFile) + lines(flvFile);
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > length.toNanos();
        });
    }

    void assertAlive() {
        assertThat(rtmp.isRunning()).as("the player over RTMP").isTrue();
        assertThat(flv.isRunning()).as("the player over HTTP-FLV").isTrue();
    }

    /// What both have written, from the first packet until now.
    List<Recording> stop() {
        assertAlive();
        rtmp.terminate();
        flv.terminate();
        rtmp.exitCode(SOON);
        flv.exitCode(SOON);
        return List.of(Recording.read(rtmpFile), Recording.read(flvFile));
    }

    /// Until both have ended by themselves, as after the last packet of a file.
    void end() {
        rtmp.succeeds(SOON);
        flv.succeeds(SOON);
    }

    /// How many lines a player has written; each packet is one.
    static long lines(Path file) {
        return Files.exists(file) ? TestFiles.read(file).lines().count() : 0;
    }

    @Override
    public void close() {
        rtmp.close();
        flv.close();
    }
}
