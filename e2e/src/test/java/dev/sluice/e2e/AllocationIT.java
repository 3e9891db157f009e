package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/// What viewers cost the collector.
class AllocationIT {
    private static final int VIEWERS = 60;
    private static final long WARM_UP_BYTES = VIEWERS * 400_000L;
    private static final long MEASURED_BYTES = VIEWERS * 600_000L;
    /// Tracked buffers are objects.
    private static final String UNTRACKED = "-Dio.netty.leakDetection.level=disabled";

    private static final Duration SOON = Duration.ofSeconds(60);

    /// A viewer is a cursor on bytes that are there, so it needs hardly an object. What the publisher costs is in
    /// here too. Comparing tracks by streams at each write once cost as many bytes as were delivered.
    @Test
    void viewersGetManyMoreBytesThanAreAllocated() {
        var delivered = new LongAdder();
        var viewers = new ArrayList<RawRtmp>();
        try (var server = SluiceProcess.serve(List.of(UNTRACKED));
                var publisher = Ffmpeg.publish(Clips.minute(), server.rtmp("live/watched"))) {
            server.awaitLive("live/watched");
            for (int i = 0; i < VIEWERS; i++) {
                var viewer = RawRtmp.open(server.rtmpPort())
                        .handshake()
                        .connect("live")
                        .createStream();
                viewers.add(viewer);
                viewer.play("watched");
                Thread.ofVirtual().start(() -> viewer.drain(delivered::add));
            }
            Wait.until("all viewers watch", SOON, () -> delivered.sum() > WARM_UP_BYTES);
            long deliveredBefore = delivered.sum();
            long allocatedBefore = server.allocatedBytes();
            Wait.until("much was delivered", SOON, () -> delivered.sum() > deliveredBefore + MEASURED_BYTES);
            long allocated = server.allocatedBytes() - allocatedBefore;
            assertThat(allocated / (double) (delivered.sum() - deliveredBefore))
                    .as("bytes allocated for each byte delivered")
                    .isLessThan(0.3);
            assertThat(publisher.isRunning()).isTrue();
        } finally {
            viewers.forEach(RawRtmp::close);
        }
    }
}
