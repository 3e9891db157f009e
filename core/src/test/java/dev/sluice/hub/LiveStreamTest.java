package dev.sluice.hub;

import static dev.sluice.hub.HubFixtures.MS;
import static dev.sluice.hub.HubFixtures.NAME;
import static dev.sluice.hub.HubFixtures.VIDEO;
import static dev.sluice.hub.HubFixtures.audio;
import static dev.sluice.hub.HubFixtures.tracks;
import static dev.sluice.hub.HubFixtures.video;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.hub.HubFixtures.TestFormat;
import dev.sluice.hub.HubFixtures.TestOutlet;
import dev.sluice.media.Frame;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveStreamTest {
    private static final HubSettings SETTINGS =
            new HubSettings(1 << 20, 10_000, 2_000, 64 << 10, 5_000, 64 << 20, 16 << 10, 1_000);

    private final ManualLoop home = new ManualLoop();
    private final ManualLoop other = new ManualLoop();
    private final Hub hub = new Hub(SETTINGS, () -> 1_000);
    private final TestFormat format = new TestFormat();
    private final Publication publication = TestPublisher.publish(hub, NAME, home);
    private int next;

    @AfterEach
    void everythingIsFreed() {
        home.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        runAll();
        home.advanceMs(SETTINGS.stallMaxMs() + 1_000);
        runAll();
        assertThat(hub.budget().usedBytes()).isZero();
    }

    /// Publishes frames 33 ms apart with a key frame every `gop`.
    private void publish(int frames, int gop, int bytes) {
        home.call(() -> {
            if (next == 0) {
                publication.write(tracks(VIDEO));
            }
            for (int i = 0; i < frames; i++) {
                publication.write(video(next, next * 33L, next % gop == 0, bytes));
                next++;
            }
        });
    }

    private TestOutlet view(ManualLoop loop) {
        var outlet = new TestOutlet(loop);
        publication.stream().play(format, outlet, outlet);
        runAll();
        return outlet;
    }

    private void runAll() {
        for (int i = 0; i < 5; i++) {
            home.runAll();
            other.runAll();
        }
    }

    @Test
    void newcomerStartsAtTheNewestKeyFrame() {
        publish(25, 10, 100);
        var viewer = view(other);
        assertThat(viewer.numbers).isEqualTo(IntStream.range(20, 25).boxed().toList());
        assertThat(viewer.joins).containsExactly("tracks 1 at " + (100 + 20 * 33));
    }

    @Test
    void whoComesBackStartsAtAKeyFrameThatHeHasNotSeen() {
        publish(25, 10, 100);
        var first = new TestOutlet(other);
        var viewing = publication.stream().play(format, first, first);
        runAll();
        other.call(() -> viewing.end(EndReason.CLIENT_DONE));
        var second = new TestOutlet(other);
        other.call(() -> publication.stream().playAfter(viewing.seenNs(), format, second, second));
        runAll();
        assertThat(second.numbers).as("up to the next key frame").isEmpty();
        publish(8, 10, 100);
        runAll();
        assertThat(second.numbers).containsExactly(30, 31, 32);
        assertThat(second.joins).containsExactly("tracks 1 at " + (100 + 30 * 33));
    }

    @Test
    void viewersOnTwoLoopsShareOnePackagerAndOneWakeUpPerLoop() {
        var viewers = new ArrayList<TestOutlet>();
        for (int i = 0; i < 50; i++) {
            viewers.add(view(i % 2 == 0 ? home : other));
        }
        var frozen = viewers.get(7);
        frozen.frozen = true;
        publish(1, 30, 100);
        runAll();
        long wakeUps = other.executed();
        for (int i = 0; i < 99; i++) {
            publish(1, 30, 100);
            runAll();
        }
        assertThat(format.packagersMade).isEqualTo(1);
        assertThat(format.framesEncoded).as("each frame encoded once").isEqualTo(100);
        assertThat(other.executed() - wakeUps)
                .as("one task per frame for 25 viewers")
                .isEqualTo(99);
        for (var viewer : viewers) {
            if (viewer != frozen) {
                assertThat(viewer.numbers)
                        .isEqualTo(IntStream.range(0, 100).boxed().toList());
            }
        }
        assertThat(frozen.numbers).isEmpty();
    }

    @Test
    void otherLoopsAreWokenBeforeTheHomeLoopServesItsOwnViewers() {
        publish(1, 30, 100);
        var others = Stream.generate(ManualLoop::new).limit(20).toList();
        for (var loop : others) {
            var viewer = new TestOutlet(loop);
            publication.stream().play(format, viewer, viewer);
            home.runAll();
            loop.runAll();
        }
        var wokenBefore = new ArrayList<Long>();
        var own = new TestOutlet(home) {
            @Override
            public int send(WireRun<?> run) {
                wokenBefore.add(
                        others.stream().filter(loop -> loop.waiting() > 0).count());
                return super.send(run);
            }
        };
        publication.stream().play(format, own, own);
        runAll();
        publish(1, 30, 100);
        assertThat(wokenBefore).as("at his first frame, and at the next").containsExactly(0L, 20L);
        others.forEach(ManualLoop::runAll);
    }

    @Test
    void batchOfFramesIsOneWrite() {
        var viewer = view(other);
        publish(20, 30, 100);
        runAll();
        assertThat(viewer.writes).isEqualTo(1);
        assertThat(viewer.flushes).isEqualTo(1);
    }

    @Test
    void slowViewerJumpsToAKeyFrameInWholeGops() {
        var viewer = view(other);
        publish(5, 10, 100);
        runAll();
        viewer.frozen = true;
        publish(100, 10, 100);
        letTimePass(SETTINGS.lagMaxMs() + 100);
        viewer.thaw();
        assertThat(viewer.numbers).startsWith(0, 1, 2, 3, 4);
        assertThat(viewer.numbers.get(5) % 10).isZero();
        assertThat(viewer.numbers.getLast()).isEqualTo(104);
        assertThat(viewer.joins).as("got %s", viewer.numbers).hasSize(2);
        assertThat(viewer.jumped).isEqualTo(1);
    }

    @Test
    void howFarAViewerIsBehindShowsInBytesAndTime() {
        var outlet = new TestOutlet(other);
        var viewing = publication.stream().play(format, outlet, outlet);
        assertThat(viewing.lag()).as("not begun").isEqualTo(Lag.NONE);
        publish(5, 10, 100);
        runAll();
        assertThat(viewing.lag()).as("has all there is").isEqualTo(Lag.NONE);

        outlet.frozen = true;
        publish(1, 10, 100);
        letTimePass(300);
        publish(2, 10, 100);
        runAll();
        assertThat(viewing.lag()).isEqualTo(new Lag(3 * 104, 300 * MS));

        publish(300, 1_000, 100);
        letTimePass(3_000);
        publish(400, 1_000, 100);
        assertThat(viewing.lag().bytes())
                .as("of what is kept, where older frames are gone")
                .isBetween(250 * 104L, 650 * 104L);

        outlet.thaw();
        assertThat(viewing.lag()).isEqualTo(Lag.NONE);
        outlet.frozen = true;
        publish(1, 1_000, 100);
        other.call(() -> viewing.end(EndReason.CLIENT_DONE));
        assertThat(viewing.lag()).as("ended").isEqualTo(Lag.NONE);
    }

    private void letTimePass(int ms) {
        home.advanceMs(ms);
        other.advanceMs(ms);
        runAll();
    }

    /// 20 s of media, twice what the window keeps otherwise, and several key frames.
    @Test
    void burstAfterAStallIsLostToNobody() {
        var viewer = view(other);
        var halfFast = view(other);
        publish(5, 30, 100);
        runAll();
        letTimePass(20_000);
        halfFast.frozen = true;
        publish(600, 30, 100);
        letTimePass(SETTINGS.lagMaxMs() / 2 - 100);
        halfFast.thaw();
        var all = IntStream.range(0, 605).boxed().toList();
        assertThat(viewer.numbers).isEqualTo(all);
        assertThat(viewer.jumped).isZero();
        assertThat(halfFast.numbers).isEqualTo(all);
    }

    @Test
    void viewerWhoIsFarBehindInBytesJumpsAfterHalfTheTime() {
        var viewer = view(other);
        publish(5, 10, 100);
        runAll();
        viewer.frozen = true;
        publish(100, 10, 1_000);
        letTimePass(SETTINGS.lagMaxMs() / 2 + 100);
        viewer.thaw();
        assertThat(viewer.numbers).hasSizeLessThan(105);
        assertThat(viewer.jumped).isEqualTo(1);
    }

    @Test
    void viewerWithinTheLagLimitLosesNothing() {
        var viewer = view(other);
        publish(5, 10, 100);
        runAll();
        viewer.frozen = true;
        publish(30, 10, 100);
        runAll();
        viewer.thaw();
        assertThat(viewer.numbers).isEqualTo(IntStream.range(0, 35).boxed().toList());
        assertThat(viewer.jumped).isZero();
    }

    @Test
    void frozenViewerIsClosedAfterTheStallTimeAndOnlyHe() {
        var frozen = view(other);
        var healthy = view(other);
        frozen.frozen = true;
        publish(1, 30, 100);
        runAll();
        for (int second = 0; second < 7; second++) {
            publish(30, 30, 100);
            home.advanceMs(1_000);
            other.advanceMs(1_000);
        }
        assertThat(frozen.ends).containsExactly(EndReason.STALLED);
        assertThat(healthy.ends).isEmpty();
        assertThat(healthy.numbers).hasSize(211);
    }

    @Test
    void memoryStaysWithinTheWindowWithAnEndlessGopAndAFrozenViewer() {
        var frozen = view(other);
        frozen.frozen = true;
        view(other);
        for (int i = 0; i < 2_000; i++) {
            publish(1, Integer.MAX_VALUE, 4_000);
            runAll();
        }
        // 8 MB went through: entries at most 1 MiB, slabs at most 1 MiB and two blocks
        assertThat(hub.budget().usedBytes()).isLessThan(2 * (1 << 20) + 3 * (16 << 10));
    }

    @Test
    void emptyItemsCostSomethingTooSoNobodyFillsTheHeapWithThem() {
        home.call(() -> {
            publication.write(tracks(HubFixtures.AUDIO));
            publication.write(audio(0, 0, 4));
            for (int i = 0; i < 200_000; i++) {
                publication.write(new Metadata(0, "", Payload.EMPTY));
            }
        });
        assertThat(hub.budget().usedBytes()).isBetween(500_000L, 1L << 20);
    }

    @Test
    void packagerThatFailsIsReplacedForTheNextViewer() {
        var fails = new WireFormat<String>() {
            int made;

            @Override
            public String name() {
                return "fails at first";
            }

            @Override
            public Packager<String> packager(WireWriter<String> out) {
                boolean first = made++ == 0;
                var good = format.packager(out);
                return new Packager<>() {
                    @Override
                    public void state(StreamState state) {
                        good.state(state);
                    }

                    @Override
                    public void frame(Frame frame, boolean join) {
                        if (first) {
                            throw new IllegalStateException("broken on purpose");
                        }
                        good.frame(frame, join);
                    }
                };
            }
        };
        publish(1, 30, 100);
        var unlucky = new TestOutlet(other);
        publication.stream().play(fails, unlucky, unlucky);
        runAll();
        assertThat(unlucky.ends).containsExactly(EndReason.SUBSCRIBER_FAILED);
        var lucky = new TestOutlet(other);
        publication.stream().play(fails, lucky, lucky);
        runAll();
        publish(1, 30, 100);
        runAll();
        assertThat(lucky.numbers).containsExactly(0, 1);
    }

    @Test
    void formatThatCannotEvenStartEndsItsViewerOnly() {
        var impossible = new WireFormat<String>() {
            @Override
            public String name() {
                return "impossible";
            }

            @Override
            public Packager<String> packager(WireWriter<String> out) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        var viewer = new TestOutlet(other);
        publication.stream().play(impossible, viewer, viewer);
        runAll();
        assertThat(viewer.ends).containsExactly(EndReason.SUBSCRIBER_FAILED);
        publish(1, 30, 100);
        assertThat(view(other).numbers).containsExactly(0);
    }

    @Test
    void viewerThatFailsAtItsEndTakesNobodyWithIt() {
        var broken = new TestOutlet(other) {
            @Override
            public void end(EndReason why, Outlet outlet) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        publication.stream().play(format, broken, broken);
        runAll();
        var healthy = view(other);
        publish(2, 30, 100);
        home.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        runAll();
        assertThat(healthy.ends).containsExactly(EndReason.PUBLISHER_LEFT);
    }

    @Test
    void nameIsFreeAgainWhenAListenerOfNewStreamsFails() {
        var name = new StreamName("live", "unlucky");
        var once = new boolean[] {true};
        hub.onStream(stream -> {
            if (once[0]) {
                once[0] = false;
                throw new IllegalStateException("broken on purpose");
            }
        });
        assertThatThrownBy(() -> TestPublisher.publish(hub, name, home)).hasMessage("broken on purpose");
        assertThat(TestPublisher.publish(hub, name, home)).isNotNull();
    }

    @Test
    void newcomerOfAnOutgrownGopGetsTheOldestThatIsLeft() {
        publish(500, Integer.MAX_VALUE, 4_000);
        var viewer = view(other);
        assertThat(viewer.numbers.getFirst()).isPositive();
        assertThat(viewer.numbers.getLast()).isEqualTo(499);
    }

    @Test
    void budgetShrinksLogsBeforeItIsExceeded() {
        var small =
                new Hub(new HubSettings(1 << 20, 10_000, 2_000, 64 << 10, 5_000, 200_000, 16 << 10, 1_000), () -> 0);
        var stream = TestPublisher.publish(small, NAME, home);
        home.call(() -> {
            stream.write(tracks(VIDEO));
            for (int i = 0; i < 500; i++) {
                stream.write(video(i, i * 33L, i % 1_000 == 0, 1_000));
            }
        });
        assertThat(small.budget().usedBytes()).isLessThanOrEqualTo(201_000);
        assertThat(TestPublisher.outcome(small, new StreamName("live", "next"), TestPublisher.claim(home, "x")))
                .isInstanceOf(Hub.Full.class);
    }

    @Test
    void newTracksGiveEveryViewerANewPrologueBeforeTheNextFrame() {
        var viewer = view(other);
        publish(3, 30, 100);
        runAll();
        home.call(() -> {
            publication.write(tracks(VIDEO, HubFixtures.AUDIO));
            publication.write(audio(100, 99, 10));
        });
        runAll();
        assertThat(viewer.joins).containsExactly("tracks 1 at 100", "tracks 2 at 199");
        assertThat(viewer.numbers).containsExactly(0, 1, 2, 100);
    }

    @Test
    void audioOnlyStreamIsJoinedAnywhere() {
        home.call(() -> {
            publication.write(tracks(HubFixtures.AUDIO));
            for (int i = 0; i < 10; i++) {
                publication.write(audio(i, i * 20L, 10));
            }
        });
        assertThat(view(other).numbers).containsExactly(9);
    }

    @Test
    void endReachesViewersAfterTheLastFrameAndFreesEverything() {
        var viewer = view(other);
        publish(3, 30, 100);
        home.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        runAll();
        assertThat(viewer.numbers).containsExactly(0, 1, 2);
        assertThat(viewer.ends).containsExactly(EndReason.PUBLISHER_LEFT);
        assertThat(hub.find(NAME)).isEmpty();
        home.advanceMs(6_000);
        runAll();
        assertThat(hub.budget().usedBytes()).isZero();
    }

    @Test
    void bytesOfAFormatAreFreedWhenNobodyWatches() {
        var viewer = view(other);
        publish(30, 30, 1_000);
        runAll();
        long withViewer = hub.budget().usedBytes();
        viewer.disconnect();
        runAll();
        home.advanceMs(1_500);
        assertThat(hub.budget().usedBytes()).isLessThan(withViewer);
        assertThat(view(other).numbers).hasSize(30);
        assertThat(format.packagersMade).isEqualTo(2);
    }

    @Test
    void failingViewerIsDetachedAndTheOthersGoOn() {
        var healthy = view(other);
        var broken = new TestOutlet(other) {
            @Override
            public void join(String prologue, WireRecord<String> first, Outlet outlet) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        publication.stream().play(format, broken, broken);
        runAll();
        publish(3, 30, 100);
        runAll();
        assertThat(broken.ends).containsExactly(EndReason.SUBSCRIBER_FAILED);
        assertThat(healthy.numbers).containsExactly(0, 1, 2);
    }

    @Test
    void listenersSeeAStreamBeforeItsFirstEntry() {
        var seen = new ArrayList<List<Integer>>();
        hub.onStream(stream -> seen.add(List.of((int) stream.stats().frames())));
        TestPublisher.publish(hub, new StreamName("live", "second"), home);
        assertThat(seen).containsExactly(List.of(0));
    }
}
