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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Frames that come within the window leave together; key frames, first bytes and the end wait for nothing.
class FanoutWindowTest {
    private static final int STEP_MS = 10;

    private final ManualLoop home = new ManualLoop();
    private final ManualLoop other = new ManualLoop();
    private final Hub hub = new Hub(
            HubSettings.DEFAULTS,
            app -> new StreamSettings(
                    new ContinuitySettings(SecondPublisher.REFUSE, 0, 0), new FanoutSettings("50ms", 50)),
            () -> 0);
    private final Publication publication = TestPublisher.publish(hub, NAME, home);
    private final TestFormat format = new TestFormat();
    private int frameBytes = 10;
    private int next;

    /// And frees what it holds, or the leak detector speaks up in the middle of another test.
    @AfterEach
    void endTheStream() {
        home.call(() -> publication.close(EndReason.CLIENT_DONE));
        pass(HubSettings.DEFAULTS.stallMaxMs() + 1_000);
        assertThat(hub.budget().usedBytes()).isZero();
    }

    private void frame(boolean key) {
        home.call(() -> publication.write(video(next, next * (long) STEP_MS, key, frameBytes)));
        next++;
        pass(0);
    }

    private void frames(int count) {
        for (int i = 0; i < count; i++) {
            frame(false);
            pass(STEP_MS);
        }
    }

    private void pass(int ms) {
        home.advanceMs(ms);
        other.advanceMs(ms);
        home.runAll();
        other.runAll();
    }

    private TestOutlet view(ManualLoop loop) {
        var outlet = new TestOutlet(loop);
        publication.stream().play(format, outlet, outlet);
        pass(0);
        return outlet;
    }

    private void begin() {
        home.call(() -> publication.write(tracks(VIDEO)));
        frame(true);
        pass(STEP_MS);
    }

    @Test
    void framesOfAWindowAreOneWriteForEachViewerOnEachLoop() {
        begin();
        var near = view(home);
        var far = view(other);
        frames(100);
        pass(100);
        for (var viewer : new TestOutlet[] {near, far}) {
            assertThat(viewer.numbers).isEqualTo(IntStream.range(0, 101).boxed().toList());
            assertThat(viewer.writes).as("1 s in windows of 50 ms").isBetween(19, 21);
        }
    }

    @Test
    void theFramesOfAWindowAreSentAtOnceThoughTheyLieInTwoSlabs() {
        frameBytes = 20_000;
        begin();
        var viewer = view(other);
        int before = viewer.sends;
        frames(100);
        assertThat(viewer.sends - before).as("1 s in windows of 50 ms").isBetween(19, 21);
        assertThat(viewer.writes).as("pieces of a run").isGreaterThan(viewer.sends + 4);
    }

    @Test
    void aLoopThatWaitsForTheEndOfAWindowIsNotWokenForEachFrame() {
        begin();
        view(other);
        frames(1);
        long before = other.executed();
        frames(100);
        assertThat(other.executed() - before)
                .as("for a timer of each of 20 windows, and for the first frame behind it")
                .isBetween(30L, 45L);
    }

    @Test
    void noFrameWaitsLongerThanTheWindow() {
        begin();
        var viewer = view(other);
        frames(3);
        for (int i = 0; i < 50; i++) {
            frame(false);
            pass(50);
            assertThat(viewer.numbers).endsWith(next - 1);
        }
    }

    @Test
    void aKeyFrameLeavesAtOnceWithWhatWaitedBeforeIt() {
        begin();
        var viewer = view(other);
        frames(1);
        frame(false);
        int writes = viewer.writes;
        frame(true);
        assertThat(viewer.numbers).containsExactly(0, 1, 2, 3);
        assertThat(viewer.writes).isEqualTo(writes + 1);
    }

    @Test
    void aKeyFrameBeginsANewWindow() {
        begin();
        var viewer = view(other);
        frames(1);
        frame(false);
        frame(true);
        int writes = viewer.writes;
        frames(4);
        assertThat(viewer.writes)
                .as("though the old window would be over by now")
                .isEqualTo(writes);
        frames(2);
        assertThat(viewer.writes).isEqualTo(writes + 1);
        assertThat(viewer.numbers).contains(next - 2);
    }

    @Test
    void aViewersFirstBytesLeaveAtOnce() {
        begin();
        view(other);
        frames(1);
        frame(false);
        assertThat(view(other).numbers).containsExactly(0, 1, 2);
        assertThat(view(home).numbers).containsExactly(0, 1, 2);
    }

    @Test
    void theLastFramesLeaveWhenTheStreamEnds() {
        begin();
        var viewer = view(other);
        frames(1);
        frame(false);
        home.call(() -> publication.close(EndReason.CLIENT_DONE));
        pass(0);
        assertThat(viewer.numbers).containsExactly(0, 1, 2);
        assertThat(viewer.ends).hasSize(1);
    }

    @Test
    void whoHasAllThereIsCostsNothingWhileNothingComes() {
        begin();
        var waiting = view(other);
        var frozen = view(other);
        frames(1);
        pass(2_000);
        int asked = waiting.asked;
        pass(60_000);
        assertThat(waiting.asked).isEqualTo(asked);

        frozen.frozen = true;
        frames(1);
        pass(HubSettings.DEFAULTS.stallMaxMs() + 1_000);
        assertThat(frozen.ends).containsExactly(EndReason.STALLED);
        assertThat(waiting.numbers).endsWith(next - 1);
        assertThat(waiting.ends).isEmpty();
    }

    @Test
    void soundAloneWaitsToo() {
        home.call(() -> publication.write(tracks(AUDIO)));
        home.call(() -> publication.write(audio(0, 0, 10)));
        var viewer = view(other);
        for (int i = 1; i <= 100; i++) {
            int number = i;
            home.call(() -> publication.write(audio(number, number * 10L, 10)));
            pass(STEP_MS);
        }
        pass(100);
        assertThat(viewer.numbers).hasSize(101);
        assertThat(viewer.writes).isBetween(19, 21);
    }
}
