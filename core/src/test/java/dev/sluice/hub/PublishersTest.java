package dev.sluice.hub;

import static dev.sluice.hub.HubFixtures.AUDIO;
import static dev.sluice.hub.HubFixtures.NAME;
import static dev.sluice.hub.HubFixtures.VIDEO;
import static dev.sluice.hub.HubFixtures.audio;
import static dev.sluice.hub.HubFixtures.tracks;
import static dev.sluice.hub.HubFixtures.video;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.ContinuitySettings.SecondPublisher;
import dev.sluice.hub.HubFixtures.TestFormat;
import dev.sluice.hub.HubFixtures.TestOutlet;
import dev.sluice.hub.TestPublisher.Told;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Publishers come and go on three loops; the stream lives on the first.
class PublishersTest {
    private static final long MS = 1_000_000L;
    private static final FanoutSettings FANOUT = new FanoutSettings("0ms", 0);
    private static final int GOP = 10;

    private final ManualLoop home = new ManualLoop();
    private final ManualLoop second = new ManualLoop();
    private final ManualLoop viewers = new ManualLoop();
    private final TestFormat format = new TestFormat();
    private ContinuitySettings settings = ContinuitySettings.DEFAULTS;
    private final Hub hub = new Hub(HubSettings.DEFAULTS, app -> new StreamSettings(settings, FANOUT), () -> 1_000);
    private final Told firstTold = new Told();
    private final Told secondTold = new Told();
    private final List<OnLoop> started = new ArrayList<>();

    @AfterEach
    void everythingIsFreed() {
        for (var publication : started) {
            publication.claimLoop().call(() -> publication.publication().close(EndReason.SERVER_STOPPING));
        }
        pass(HubSettings.DEFAULTS.stallMaxMs() + 62_000);
        assertThat(hub.budget().usedBytes()).isZero();
    }

    private record OnLoop(ManualLoop claimLoop, Publication publication) {}

    private void policy(SecondPublisher policy) {
        settings = new ContinuitySettings(policy, 60_000, 2_000);
    }

    private void runAll() {
        for (int i = 0; i < 6; i++) {
            home.runAll();
            second.runAll();
            viewers.runAll();
        }
    }

    private void pass(long ms) {
        for (long passed = 0; passed < ms; passed += 50) {
            home.advanceMs(50);
            second.advanceMs(50);
            viewers.advanceMs(50);
            runAll();
        }
    }

    private CompletableFuture<Hub.PublishOutcome> ask(ManualLoop loop, Claim claim) {
        var answer = new CompletableFuture<Hub.PublishOutcome>();
        loop.call(() -> hub.publish(NAME, claim).thenAccept(outcome -> {
            if (outcome instanceof Hub.Started(var publication)) {
                started.add(new OnLoop(loop, publication));
            }
            answer.complete(outcome);
        }));
        runAll();
        return answer;
    }

    private Publication start(ManualLoop loop, Claim claim) {
        return ((Hub.Started) ask(loop, claim).join()).publication();
    }

    private void write(ManualLoop loop, Publication publication, Entry... entries) {
        loop.call(() -> List.of(entries).forEach(publication::write));
        runAll();
    }

    /// Frames 33 ms apart, written as time passes; the first is a key frame.
    private void send(ManualLoop loop, Publication publication, int firstNumber, long firstMs, int count) {
        for (int i = 0; i < count; i++) {
            int number = firstNumber + i;
            write(loop, publication, video(number, firstMs + i * 33L, i % GOP == 0, 10));
            home.advanceMs(33);
            second.advanceMs(33);
            viewers.advanceMs(33);
            runAll();
        }
    }

    private TestOutlet view() {
        var outlet = new TestOutlet(viewers);
        hub.find(NAME).orElseThrow().play(format, outlet, outlet);
        runAll();
        return outlet;
    }

    private Publication firstPublishes(int frames) {
        var publication = start(home, firstTold.claim(home, "first"));
        write(home, publication, tracks(VIDEO));
        send(home, publication, 0, 5_000, frames);
        return publication;
    }

    private LiveStream stream() {
        return hub.find(NAME).orElseThrow();
    }

    private List<StreamEvent.Kind> happened() {
        return stream().events().stream().map(StreamEvent::kind).toList();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    // What is told about a stream

    @Test
    void whoIsSilentHasNoRate() {
        firstPublishes(90);
        assertThat(stream().stats().framesPerSecond()).isBetween(28.0, 32.0);
        pass(5_000);
        assertThat(stream().silentNs()).isBetween(5_000 * MS, 5_100 * MS);
        assertThat(stream().stats().framesPerSecond()).isZero();
        assertThat(stream().stats().bitsPerSecond()).isZero();
        assertThat(stream().stats().frames()).isEqualTo(90);
    }

    @Test
    void eachPublicationHasRepairsOfItsOwn() {
        var one = start(home, firstTold.claim(home, "first"));
        write(home, one, tracks(VIDEO), video(0, 5_000, true, 10), video(1, 5_000, false, 10));
        pass(1_000);
        var two = start(second, secondTold.claim(second, "second"));
        write(second, two, tracks(VIDEO), video(10, 0, true, 10), video(11, 0, false, 10), video(12, 0, false, 10));
        assertThat(one.repairs()).containsExactly(Map.entry(Repair.ORDER, 1L));
        assertThat(two.repairs()).containsExactly(Map.entry(Repair.ORDER, 2L));
        assertThat(stream().stats().repairs()).containsExactly(Map.entry(Repair.ORDER, 3L));
    }

    // Resume

    @Test
    void viewersStayWhileALostPublisherIsAwaitedAndGoOnWithItsNextKeyFrame() {
        var lost = firstPublishes(20);
        var viewer = view();
        home.call(() -> lost.close(EndReason.CONNECTION_LOST));
        pass(20_000);
        assertThat(viewer.ends).isEmpty();
        assertThat(stream().waiting()).isTrue();

        var back = start(second, secondTold.claim(second, "first"));
        write(second, back, tracks(VIDEO), video(90, 0, false, 10), video(91, 33, false, 10));
        assertThat(stream().waiting()).as("no key frame yet").isTrue();
        send(second, back, 100, 66, 12);
        assertThat(stream().waiting()).isFalse();
        assertThat(viewer.numbers).containsExactlyElementsOf(concat(numbers(10, 20), numbers(100, 112)));
        assertThat(viewer.joins).as("equal tracks need no new headers").hasSize(1);
        assertThat(stream().gaps().count()).isEqualTo(1);
        assertThat(stream().gaps().totalNs()).isBetween(20_000 * MS, 20_300 * MS);
        assertThat(happened())
                .containsExactly(StreamEvent.Kind.PUBLISHED, StreamEvent.Kind.WAITING, StreamEvent.Kind.RESUMED);
    }

    private static List<Integer> concat(List<Integer> some, List<Integer> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    @Test
    void theGapOnTheTimelineIsTheTimeThatWentBy() {
        var lost = firstPublishes(10);
        var times = new ArrayList<Long>();
        home.call(() -> stream().read(state -> {}, new TimesReader(times)));
        home.call(() -> lost.close(EndReason.CONNECTION_LOST));
        pass(7_000);
        var back = start(second, secondTold.claim(second, "first"));
        write(second, back, tracks(VIDEO));
        send(second, back, 100, 1_234_567, 3);
        long before = times.get(9);
        assertThat(times.get(10) - before).isBetween(7_000L, 7_100L);
        assertThat(times.get(11) - times.get(10)).isEqualTo(33);
    }

    @Test
    void viewersEndWhenNobodyComesBack() {
        var lost = firstPublishes(5);
        var viewer = view();
        home.call(() -> lost.close(EndReason.CONNECTION_LOST));
        pass(59_900);
        assertThat(viewer.ends).isEmpty();
        pass(200);
        assertThat(viewer.ends).containsExactly(EndReason.PUBLISHER_LEFT);
        assertThat(hub.find(NAME)).isEmpty();
    }

    @Test
    void aGoodbyeIsAwaitedForAShortTime() {
        var done = firstPublishes(5);
        var viewer = view();
        home.call(() -> done.close(EndReason.CLIENT_DONE));
        pass(1_900);
        assertThat(viewer.ends).isEmpty();
        pass(200);
        assertThat(viewer.ends).containsExactly(EndReason.PUBLISHER_LEFT);
    }

    @Test
    void aStreamThatNeverHadMediaAndAServerThatStopsWaitForNobody() {
        var empty = start(home, firstTold.claim(home, "first"));
        home.call(() -> empty.close(EndReason.CONNECTION_LOST));
        runAll();
        assertThat(hub.find(NAME)).isEmpty();

        var publication = firstPublishes(5);
        home.call(() -> publication.close(EndReason.SERVER_STOPPING));
        runAll();
        assertThat(hub.find(NAME)).isEmpty();
    }

    @Test
    void aNewcomerOfAWaitingStreamGetsTheLastGroupOfPictures() {
        var lost = firstPublishes(15);
        home.call(() -> lost.close(EndReason.CONNECTION_LOST));
        pass(1_000);
        assertThat(view().numbers).isEqualTo(numbers(10, 15));
    }

    // Takeover

    @Test
    void aSecondPublisherTakesOverWithItsFirstKeyFrame() {
        var old = firstPublishes(12);
        var viewer = view();
        var next = start(second, secondTold.claim(second, "second"));
        write(second, next, tracks(VIDEO), video(90, 0, false, 10));
        write(home, old, video(12, 5_396, false, 10));
        assertThat(firstTold.reasons).isEmpty();
        write(second, next, video(100, 40, true, 10));
        write(home, old, video(13, 5_429, false, 10));
        write(second, next, video(101, 73, false, 10));
        pass(200);
        assertThat(firstTold.reasons).singleElement().asString().contains("taken over live/test");
        assertThat(viewer.numbers).containsExactly(10, 11, 12, 100, 101);
        assertThat(viewer.ends).isEmpty();
        assertThat(next.epoch()).isGreaterThan(old.epoch());
        home.call(() -> old.close(EndReason.DISPLACED));
        runAll();
        assertThat(stream().waiting())
                .as("the end of the old one means nothing")
                .isFalse();
        assertThat(happened()).containsExactly(StreamEvent.Kind.PUBLISHED, StreamEvent.Kind.TAKEN_OVER);
    }

    @Test
    void whoComesBackAfterACutCableIsNeverBusyHoweverOften() {
        var publication = firstPublishes(5);
        var viewer = view();
        for (int i = 1; i <= 10; i++) {
            pass(300);
            var again = start(second, secondTold.claim(second, "first"));
            write(second, again, tracks(VIDEO));
            send(second, again, 100 * i, 0, 5);
        }
        assertThat(firstTold.reasons).hasSize(1);
        assertThat(viewer.numbers).hasSize(5 + 50);
        assertThat(publication.stream().waiting()).isFalse();
    }

    @Test
    void anEncoderThatWasDisplacedAndComesBackByItselfIsRefusedWhileTheOtherSends() {
        var first = firstPublishes(5);
        var next = start(second, secondTold.claim(second, "second"));
        write(second, next, tracks(VIDEO));
        displaceWhileSending(first, next);

        var again = ask(home, firstTold.claim(home, "first"));
        assertThat(again).isNotDone();
        send(second, next, 200, 5_000, 8);
        assertThat(again)
                .isCompletedWithValueMatching(
                        outcome -> outcome instanceof Hub.Busy(String why) && why.contains("another encoder"));
        assertThat(happened()).endsWith(StreamEvent.Kind.TAKEN_OVER, StreamEvent.Kind.REFUSED);
    }

    /// The first one has not noticed yet that it was displaced.
    private void displaceWhileSending(Publication first, Publication next) {
        write(second, next, video(100, 40, true, 10));
        write(home, first, video(7, 5_365, false, 10));
        pass(200);
    }

    @Test
    void whoWasDisplacedComesBackWhenTheOtherHasFallenSilent() {
        var first = firstPublishes(5);
        var next = start(second, secondTold.claim(second, "second"));
        write(second, next, tracks(VIDEO));
        displaceWhileSending(first, next);
        var again = ask(home, firstTold.claim(home, "first"));
        pass(900);
        assertThat(again).isNotDone();
        pass(200);
        assertThat(again).isCompletedWithValueMatching(Hub.Started.class::isInstance);
    }

    @Test
    void whoWasDisplacedComesBackAtOnceWhenTheOtherLeaves() {
        var first = firstPublishes(5);
        var next = start(second, secondTold.claim(second, "second"));
        write(second, next, tracks(VIDEO));
        displaceWhileSending(first, next);
        var again = ask(home, firstTold.claim(home, "first"));
        second.call(() -> next.close(EndReason.CLIENT_DONE));
        runAll();
        assertThat(again).isCompletedWithValueMatching(Hub.Started.class::isInstance);
    }

    // The other policies

    @Test
    void wherePublishersAreRefusedTheOwnerIsNeverBusyOnceItsOldConnectionIsSilent() {
        policy(SecondPublisher.REFUSE);
        var publication = firstPublishes(5);
        var intruder = ask(second, secondTold.claim(second, "second"));
        send(home, publication, 5, 5_165, 8);
        assertThat(intruder).isCompletedWithValueMatching(Hub.Busy.class::isInstance);

        var owner = ask(second, secondTold.claim(second, "first"));
        pass(1_100);
        assertThat(owner).isCompletedWithValueMatching(Hub.Started.class::isInstance);
    }

    @Test
    void aStandbyWaitsUntilTheFirstIsGone() {
        policy(SecondPublisher.STANDBY);
        var publication = firstPublishes(12);
        var viewer = view();
        var standby = start(second, secondTold.claim(second, "second"));
        write(second, standby, tracks(VIDEO));
        send(second, standby, 100, 0, 12);
        assertThat(viewer.numbers).isEqualTo(numbers(10, 12));
        home.call(() -> publication.close(EndReason.CLIENT_DONE));
        runAll();
        write(second, standby, video(112, 400, false, 10));
        send(second, standby, 120, 433, 3);
        assertThat(viewer.numbers).isEqualTo(concat(numbers(10, 12), numbers(120, 123)));
        assertThat(firstTold.reasons).isEmpty();
    }

    @Test
    void soManyWaitAndNoMore() {
        policy(SecondPublisher.STANDBY);
        firstPublishes(5);
        for (int i = 0; i < 4; i++) {
            start(second, secondTold.claim(second, "standby " + i));
        }
        assertThat(ask(second, secondTold.claim(second, "one more")).join()).isInstanceOf(Hub.Busy.class);
    }

    // What changes with the publisher

    @Test
    void otherTracksAreAnnouncedOnceBeforeTheFirstFrame() {
        var lost = firstPublishes(5);
        var viewer = view();
        home.call(() -> lost.close(EndReason.CONNECTION_LOST));
        var back = start(second, secondTold.claim(second, "first"));
        write(second, back, tracks(VIDEO), tracks(VIDEO, AUDIO));
        write(second, back, video(100, 0, true, 10), audio(101, 5, 10));
        assertThat(viewer.joins).hasSize(2).last().asString().startsWith("tracks 2");
        assertThat(stream().state().tracks()).containsExactly(VIDEO, AUDIO);
    }

    /// Whoever waits at the end of the log would otherwise find something old, and jump over it.
    @Test
    void nothingOldStandsInFrontOfTheFrameThatEndsAWait() {
        var said = new Metadata(0, "onMetaData", Payload.of(new byte[] {5}));
        var lost = start(home, firstTold.claim(home, "first"));
        write(home, lost, tracks(VIDEO), said);
        send(home, lost, 0, 0, 5);
        var viewer = view();
        home.call(() -> lost.close(EndReason.CONNECTION_LOST));
        pass(20_000);
        var back = start(second, secondTold.claim(second, "first"));
        write(second, back, said, tracks(VIDEO));
        send(second, back, 100, 0, 3);
        assertThat(viewer.numbers).endsWith(100, 101, 102).hasSize(8);
        assertThat(viewer.jumped).isZero();
    }

    @Test
    void soundAloneGoesOnWhereNoPictureComesForThreeSeconds() {
        var lost = firstPublishes(5);
        var viewer = view();
        home.call(() -> lost.close(EndReason.CONNECTION_LOST));
        var back = start(second, secondTold.claim(second, "first"));
        write(second, back, tracks(AUDIO), audio(100, 0, 10));
        pass(2_900);
        write(second, back, audio(101, 2_900, 10));
        assertThat(viewer.numbers).isEqualTo(numbers(0, 5));
        pass(150);
        write(second, back, audio(102, 3_050, 10));
        assertThat(viewer.numbers).endsWith(102);
    }

    @Test
    void anAudioOnlyStreamGoesOnAtOnce() {
        var publication = start(home, firstTold.claim(home, "first"));
        write(home, publication, tracks(AUDIO), audio(0, 0, 10), audio(1, 20, 10));
        var viewer = view();
        home.call(() -> publication.close(EndReason.CONNECTION_LOST));
        var back = start(second, secondTold.claim(second, "first"));
        write(second, back, tracks(AUDIO), audio(100, 0, 10));
        assertThat(viewer.numbers).endsWith(100);
    }

    @Test
    void framesOfAnotherLoopArriveInOrder() {
        firstPublishes(3);
        var viewer = view();
        var next = start(second, secondTold.claim(second, "second"));
        second.call(() -> {
            next.write(tracks(VIDEO));
            for (int i = 0; i < 200; i++) {
                next.write(video(1_000 + i, i * 33L, i == 0, 10));
            }
            next.close(EndReason.CLIENT_DONE);
        });
        runAll();
        assertThat(viewer.numbers).endsWith(1_199).hasSize(203);
        assertThat(next.stats().frames()).isEqualTo(200);
    }

    private record TimesReader(List<Long> times) implements Reader<Entry> {
        @Override
        public void take(Cursor<Entry> cursor) {
            for (var entry = cursor.peek(); entry != null; entry = cursor.peek()) {
                if (entry instanceof Frame frame) {
                    times.add(frame.dtsNs() / 1_000_000);
                }
                cursor.advance();
            }
        }

        @Override
        public void onEnd(EndReason why) {}
    }
}
