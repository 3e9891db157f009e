package dev.sluice.hub;

import static dev.sluice.hub.HubFixtures.AUDIO;
import static dev.sluice.hub.HubFixtures.VIDEO;
import static dev.sluice.hub.TimelineRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Frame;
import dev.sluice.media.Track;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A million short streams from fixed seeds. A failure names the seed of its stream.
class TimelineRandomTest {
    private static final int WELL_BEHAVED = 400_000;
    private static final int ILL_BEHAVED = 500_000;
    private static final int FAULTS_IN_GOOD_STREAMS = 100_000;
    private static final List<Track> TRACKS = List.of(
            VIDEO, AUDIO, new Track(1, VIDEO.codec(), VIDEO.config()), new Track(1, AUDIO.codec(), AUDIO.config()));

    private static void require(boolean holds, long seed, String what) {
        if (!holds) {
            throw new AssertionError("seed %d: %s".formatted(seed, what));
        }
    }

    /// Publications of one to three tracks with any origin, any frame rates, any small offset between the
    /// tracks; frames come late and in bursts, but never before their time. A track may be sent a little
    /// after its time, as encoders do that take long.
    private static final class GoodPublisher {
        private final SplittableRandom random;
        private final Timeline timeline;
        private final long seed;
        private final long[] stepsNs;
        private final long[] nextNs;
        private final long[] delaysNs;
        private final long originNs;
        private final long startedNs;
        private long nowNs;
        private long shiftNs;
        private boolean started;

        GoodPublisher(SplittableRandom random, Timeline timeline, long nowNs, long seed) {
            this.random = random;
            this.timeline = timeline;
            this.seed = seed;
            this.nowNs = nowNs;
            this.startedNs = nowNs;
            this.originNs = random.nextInt(8) == 0 ? random.nextLong() : random.nextLong(1L << 32) * MS;
            boolean sparse = random.nextInt(10) == 0;
            stepsNs = new long[random.nextInt(1, 4)];
            nextNs = new long[stepsNs.length];
            delaysNs = new long[stepsNs.length];
            for (int i = 0; i < stepsNs.length; i++) {
                stepsNs[i] = (sparse ? random.nextLong(5_000, 20_000) : random.nextLong(5, 200)) * MS;
                nextNs[i] = random.nextLong(50) * MS;
                delaysNs[i] = random.nextLong(50) * MS;
            }
        }

        /// @return what the clock reads after the last frame
        long send(int frames) {
            for (int i = 0; i < frames; i++) {
                int track = earliest();
                long dueNs = startedNs + nextNs[track] + delaysNs[track];
                nowNs = started && nowNs <= dueNs ? dueNs + lateness() : Math.max(nowNs, dueNs);
                check(TRACKS.get(track), originNs + nextNs[track]);
                nextNs[track] += stepsNs[track];
                if (random.nextInt(40) == 0) {
                    sleepWithTheClockRunning(random.nextLong(30_000) * MS);
                }
            }
            return nowNs;
        }

        private void check(Track track, long rawNs) {
            long expectedFirstNs = timeline.newestNs() + ceilMs(nowNs - timeline.lastArrivalNs());
            boolean inAnEmptyStream = timeline.repairs().isEmpty() && timeline.newestNs() == 0;
            long atNs = timeline.place(TimelineRig.frame(track, rawNs, rawNs), nowNs)
                    .dtsNs();
            if (started) {
                require(atNs - rawNs == shiftNs, seed, "a frame is off by " + (atNs - rawNs - shiftNs) + " ns");
            } else if (!inAnEmptyStream) {
                require(atNs == expectedFirstNs, seed, "the gap is off by " + (atNs - expectedFirstNs) + " ns");
            }
            started = true;
            shiftNs = atNs - rawNs;
        }

        private long lateness() {
            return switch (random.nextInt(20)) {
                case 0 -> random.nextLong(6_000) * MS; // the frames after it come in a burst
                case 1, 2, 3 -> random.nextLong(30 * MS);
                default -> 0;
            };
        }

        private void sleepWithTheClockRunning(long forNs) {
            for (int i = 0; i < nextNs.length; i++) {
                nextNs[i] += forNs;
            }
        }

        private int earliest() {
            int best = 0;
            for (int i = 1; i < nextNs.length; i++) {
                best = nextNs[i] + delaysNs[i] < nextNs[best] + delaysNs[best] ? i : best;
            }
            return best;
        }

        private static long ceilMs(long ns) {
            return Math.ceilDiv(ns, MS) * MS;
        }
    }

    @Test
    void wellBehavedPublicationsKeepOffsetsAndSpacingAndGapsAreRealTime() {
        for (long seed = 0; seed < WELL_BEHAVED; seed++) {
            var random = new SplittableRandom(seed);
            var timeline = new Timeline();
            long nowNs = random.nextLong();
            for (int publications = random.nextInt(1, 4); publications > 0; publications--) {
                nowNs += random.nextLong(500, 90_000) * MS + random.nextLong(MS);
                timeline.begin(nowNs);
                nowNs = new GoodPublisher(random, timeline, nowNs, seed).send(random.nextInt(2, 15));
            }
            require(timeline.repairs().isEmpty(), seed, "repaired " + timeline.repairs());
        }
    }

    /// Whatever numbers come: order, presentation after decoding, no negative time, and no more than a second
    /// for each frame beyond real time.
    private static final class BadPublisher {
        private final SplittableRandom random;
        private final Timeline timeline = new Timeline();
        private final long seed;
        private final long[] lastNs = new long[TRACKS.size()];
        private final long startedNs;
        private long nowNs;
        private long rawNs;
        private int frames;

        BadPublisher(long seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            Arrays.fill(lastNs, -1);
            nowNs = random.nextLong();
            startedNs = nowNs;
            rawNs = anyTime();
        }

        void send(int count) {
            while (frames < count) {
                if (random.nextInt(10) == 0) {
                    timeline.begin(nowNs);
                }
                step();
                nowNs += random.nextInt(3) == 0 ? random.nextLong(20_000 * MS) : random.nextLong(40 * MS);
            }
        }

        private void step() {
            int track = random.nextInt(TRACKS.size());
            rawNs += stepNs();
            long dtsNs = random.nextInt(10) == 0 ? rawNs + stepNs() : rawNs; // an outlier
            long ptsNs = random.nextInt(4) == 0 ? dtsNs + stepNs() : dtsNs;
            check(track, timeline.place(TimelineRig.frame(TRACKS.get(track), dtsNs, ptsNs), nowNs));
            long looseNs = timeline.placeLoose(anyTime());
            require(looseNs >= 0 && looseNs <= timeline.newestNs(), seed, "loose at " + looseNs);
        }

        private void check(int track, Frame placed) {
            frames++;
            require(placed.dtsNs() > lastNs[track], seed, "not in order: " + lastNs[track] + ", " + placed.dtsNs());
            long offsetNs = placed.ptsNs() - placed.dtsNs();
            require(offsetNs >= 0 && offsetNs <= 10_000 * MS, seed, "shown " + offsetNs + " after it was decoded");
            long boundNs = nowNs - startedNs + 100 * MS + frames * 1_001 * MS;
            require(placed.dtsNs() <= boundNs, seed, "ahead by " + (placed.dtsNs() - boundNs));
            lastNs[track] = placed.dtsNs();
        }

        private long stepNs() {
            return switch (random.nextInt(12)) {
                case 0 -> random.nextLong(-5_000, 5_000) * MS;
                case 1 -> random.nextLong(-1_200, 1_200) * MS;
                case 2 -> 0;
                case 3 -> (random.nextBoolean() ? 1 : -1) * (1L << random.nextInt(24, 33)) * MS;
                case 4 -> anyTime();
                default -> random.nextLong(100) * MS;
            };
        }

        private long anyTime() {
            return switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
                default -> random.nextLong() >> random.nextInt(40);
            };
        }
    }

    @Test
    void illBehavedClocksNeverBreakTheOrder() {
        for (long seed = 0; seed < ILL_BEHAVED; seed++) {
            new BadPublisher(seed).send(20);
        }
    }

    /// A good live stream with one fault in its midst.
    @Test
    void oneFaultInAGoodStreamLeavesAudioAndVideoTogether() {
        for (long seed = 0; seed < FAULTS_IN_GOOD_STREAMS; seed++) {
            var random = new SplittableRandom(seed);
            var rig = new TimelineRig();
            rig.live(0, 600);
            long atMs = 600 + random.nextLong(4) * 20;
            rig.live(600, atMs);
            long byMs = random.nextLong(-200, 200) * 20;
            if (random.nextBoolean()) {
                jump(rig, atMs, byMs, seed);
            } else {
                outlier(rig, random.nextBoolean(), atMs, byMs, seed);
            }
        }
    }

    private static void jump(TimelineRig rig, long atMs, long byMs, long seed) {
        rig.live(atMs + byMs, atMs + byMs + 1_000);
        require(rig.audioShiftMs() == rig.videoShiftMs(), seed, "apart after a jump of " + byMs);
    }

    private static void outlier(TimelineRig rig, boolean ofAudio, long atMs, long byMs, long seed) {
        if (ofAudio) {
            rig.audio(atMs + byMs);
        } else {
            rig.video(atMs + byMs);
        }
        rig.nowMs += TimelineRig.AUDIO_STEP_MS;
        rig.live(atMs + 40, atMs + 1_400);
        boolean where = rig.audioShiftMs() == 100 && rig.videoShiftMs() == 100;
        require(where, seed, "not where it was after an outlier of " + byMs);
    }

    @Test
    void theSameSeedGivesTheSameStream() {
        var one = new BadPublisher(7);
        var other = new BadPublisher(7);
        one.send(200);
        other.send(200);
        assertThat(one.timeline.newestNs()).isEqualTo(other.timeline.newestNs());
        assertThat(one.timeline.repairs()).isEqualTo(other.timeline.repairs()).isNotEmpty();
    }
}
