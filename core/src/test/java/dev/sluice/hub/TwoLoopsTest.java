package dev.sluice.hub;

import static dev.sluice.hub.HubFixtures.NAME;
import static dev.sluice.hub.HubFixtures.VIDEO;
import static dev.sluice.hub.HubFixtures.tracks;
import static dev.sluice.hub.HubFixtures.video;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.hub.HubFixtures.TestFormat;
import dev.sluice.hub.HubFixtures.TestOutlet;
import dev.sluice.server.netty.Loops;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The hub on two real event loops: what threads share, shared for real.
@Timeout(60)
class TwoLoopsTest {
    private static final int GOP = 30;
    private static final HubSettings SETTINGS =
            new HubSettings(1 << 20, 10_000, 2_000, 256 << 10, 1_000, 64 << 20, 32 << 10, 200);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Loops loops = new Loops((EventLoop) group.iterator().next(), group);
    private final Loop home = loops.all().getFirst();
    private final Loop other = loops.all().getLast();
    private final Hub hub = new Hub(SETTINGS, () -> 0);
    private final TestFormat format = new TestFormat();
    private final List<TestOutlet> viewers = new ArrayList<>();
    private Publication publication;
    private int published;

    @BeforeEach
    void start() {
        publication = TestPublisher.publish(hub, NAME, home);
        home.execute(() -> publication.write(tracks(VIDEO)));
    }

    @AfterEach
    void everythingIsFreed() {
        home.execute(() -> publication.close(EndReason.PUBLISHER_LEFT));
        await().untilAsserted(() -> assertThat(hub.budget().usedBytes()).isZero());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private TestOutlet view(Loop loop) {
        var viewer = new TestOutlet(loop);
        viewers.add(viewer);
        publication.stream().play(format, viewer, viewer);
        return viewer;
    }

    private void publish(int frames) {
        int from = published;
        published += frames;
        home.execute(() -> {
            for (int i = from; i < from + frames; i++) {
                publication.write(video(i, i * 33L, i % GOP == 0, 1_000));
            }
        });
    }

    /// What a viewer has got; asked on its own loop.
    private static List<Integer> got(TestOutlet viewer) {
        return onLoop(viewer.loop(), () -> List.copyOf(viewer.numbers));
    }

    private static <T> T onLoop(Loop loop, java.util.concurrent.Callable<T> question) {
        var answer = new java.util.concurrent.FutureTask<>(question);
        loop.execute(answer);
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fiftyViewersOnBothLoopsSeeEveryFrameThoughOneIsFrozen() {
        for (int i = 0; i < 50; i++) {
            view(i % 2 == 0 ? home : other);
        }
        var frozen = viewers.get(13);
        frozen.frozen = true;
        var healthy = viewers.stream().filter(v -> v != frozen).toList();

        for (int batch = 0; batch < 200; batch++) {
            publish(10);
            var last = viewers.getLast();
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> onLoop(last.loop(), () -> last.numbers.size()) == published);
            assertThat(hub.budget().usedBytes()).isLessThan(2L * SETTINGS.windowMaxBytes() + 4L * SETTINGS.slabBytes());
        }

        var all = IntStream.range(0, published).boxed().toList();
        for (var viewer : healthy) {
            await().untilAsserted(() -> assertThat(got(viewer)).isEqualTo(all));
        }
        assertThat(onLoop(home, () -> format.framesEncoded))
                .as("each frame encoded once")
                .isEqualTo(published);
        assertThat(got(frozen)).isEmpty();
        await().untilAsserted(() -> assertThat(onLoop(frozen.loop(), () -> List.copyOf(frozen.ends)))
                .containsExactly(EndReason.STALLED));
        assertThat(healthy).allSatisfy(v -> assertThat(v.ends).isEmpty());
    }

    /// The first of three frames leaves at once, the second waits for the end of the window, and the third comes
    /// as it ends, a little earlier or later each time. No key frame helps out, and the first viewer was served
    /// when the last one is.
    @Test
    void noFrameIsLeftBehindThatComesAsAWindowEnds() {
        var windows = new Hub(
                SETTINGS,
                app -> new StreamSettings(
                        new ContinuitySettings(ContinuitySettings.SecondPublisher.REFUSE, 0, 0),
                        new FanoutSettings("1ms", 50)),
                () -> 0);
        var stream = TestPublisher.publish(windows, NAME, home);
        home.execute(() -> {
            stream.write(tracks(VIDEO));
            stream.write(video(0, 0, true, 10));
        });
        for (int i = 0; i < 50; i++) {
            var viewer = new TestOutlet(other);
            viewers.add(viewer);
            stream.stream().play(format, viewer, viewer);
        }
        for (int round = 0; round < 400; round++) {
            int first = 1 + 3 * round;
            long apartNs = 600_000 + round * 2_000L;
            writeIn(
                    0,
                    stream,
                    first,
                    () -> writeIn(200_000, stream, first + 1, () -> writeIn(apartNs, stream, first + 2, () -> {})));
            for (var viewer : List.of(viewers.getFirst(), viewers.getLast())) {
                await().pollInterval(Duration.ofNanos(100_000))
                        .until(() -> onLoop(other, () -> viewer.numbers.contains(first + 2)));
            }
        }
        home.execute(() -> stream.close(EndReason.PUBLISHER_LEFT));
        await().untilAsserted(() -> assertThat(windows.budget().usedBytes()).isZero());
    }

    /// @param then behind the task that wakes the other loop
    private void writeIn(long ns, Publication stream, int number, Runnable then) {
        home.execute(() -> {
            for (long untilNs = home.nowNs() + ns; home.nowNs() < untilNs; ) {
                Thread.onSpinWait();
            }
            stream.write(video(number, number * 33L, false, 10));
            home.execute(then);
        });
    }

    @Test
    void viewersWhoCannotKeepUpLoseWholeGops() {
        view(home);
        view(other);
        // far more than the window, as fast as it goes: the other loop may fall behind at any moment
        for (int batch = 0; batch < 300; batch++) {
            publish(100);
        }
        for (var viewer : viewers) {
            await().untilAsserted(() -> assertThat(got(viewer)).endsWith(published - 1));
            var numbers = got(viewer);
            assertThat(numbers).isSorted().doesNotHaveDuplicates();
            for (int i = 1; i < numbers.size(); i++) {
                if (numbers.get(i) != numbers.get(i - 1) + 1) {
                    assertThat(numbers.get(i) % GOP)
                            .as("goes on with a key frame")
                            .isZero();
                }
            }
        }
    }
}
