package dev.sluice.bench;

import java.util.HashMap;
import java.util.Map;

/// What the viewers of one event loop have seen so far. Owned by that loop; others get a [Snapshot].
public final class Tally {
    private final Histogram delaysNs = new Histogram();
    private final Histogram probeDelaysNs = new Histogram();
    private final Histogram joinsNs = new Histogram();
    private final Histogram probeJoinsNs = new Histogram();
    private final Counts counts = new Counts();
    private final Map<String, Integer> failures = new HashMap<>();

    private static final class Counts {
        long bytes;
        long frames;
        long lost;
        long corrupt;
        int live;
        int ended;
    }

    /// All of it at one moment.
    ///
    /// @param delaysNs from the publisher's write to the viewer's read, of every frame
    /// @param probeDelaysNs the same for the frames of the probes alone, which share the publisher's loop: so the
    ///     time that the load itself needs to come round to a viewer is not in it
    /// @param joinsNs from the beginning of a connection to its first key frame
    /// @param probeJoinsNs the same for the probes alone
    /// @param bytes that arrived, protocol and all
    /// @param frames audio and video frames of this run
    /// @param lost frames that never came, between others that did
    /// @param corrupt frames that came changed, or twice
    /// @param live viewers that have seen media, whether they have ended or not
    /// @param ended viewers that the server let go after that
    /// @param failures viewers that never saw media, by reason
    public record Snapshot(
            Histogram delaysNs,
            Histogram probeDelaysNs,
            Histogram joinsNs,
            Histogram probeJoinsNs,
            long bytes,
            long frames,
            long lost,
            long corrupt,
            int live,
            int ended,
            Map<String, Integer> failures) {
        public static final Snapshot NOTHING = new Snapshot(
                new Histogram(), new Histogram(), new Histogram(), new Histogram(), 0, 0, 0, 0, 0, 0, Map.of());

        /// Both together.
        public Snapshot plus(Snapshot other) {
            var all = new HashMap<>(failures);
            other.failures.forEach((why, count) -> all.merge(why, count, Integer::sum));
            return new Snapshot(
                    delaysNs.copy().plus(other.delaysNs),
                    probeDelaysNs.copy().plus(other.probeDelaysNs),
                    joinsNs.copy().plus(other.joinsNs),
                    probeJoinsNs.copy().plus(other.probeJoinsNs),
                    bytes + other.bytes,
                    frames + other.frames,
                    lost + other.lost,
                    corrupt + other.corrupt,
                    live + other.live,
                    ended + other.ended,
                    Map.copyOf(all));
        }

        /// What happened since an earlier moment.
        public Snapshot since(Snapshot earlier) {
            var more = new HashMap<>(failures);
            earlier.failures.forEach((why, count) -> more.merge(why, -count, Integer::sum));
            more.values().removeIf(count -> count == 0);
            return new Snapshot(
                    delaysNs.since(earlier.delaysNs),
                    probeDelaysNs.since(earlier.probeDelaysNs),
                    joinsNs.since(earlier.joinsNs),
                    probeJoinsNs.since(earlier.probeJoinsNs),
                    bytes - earlier.bytes,
                    frames - earlier.frames,
                    lost - earlier.lost,
                    corrupt - earlier.corrupt,
                    live - earlier.live,
                    ended - earlier.ended,
                    Map.copyOf(more));
        }

        public int failed() {
            return failures.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    public Snapshot snapshot() {
        return new Snapshot(
                delaysNs.copy(),
                probeDelaysNs.copy(),
                joinsNs.copy(),
                probeJoinsNs.copy(),
                counts.bytes,
                counts.frames,
                counts.lost,
                counts.corrupt,
                counts.live,
                counts.ended,
                Map.copyOf(failures));
    }

    void bytes(int count) {
        counts.bytes += count;
    }

    void live() {
        counts.live++;
    }

    void joined(long ns, boolean probe) {
        joinsNs.add(ns);
        if (probe) {
            probeJoinsNs.add(ns);
        }
    }

    void frame(long delayNs, boolean probe) {
        counts.frames++;
        delaysNs.add(delayNs);
        if (probe) {
            probeDelaysNs.add(delayNs);
        }
    }

    void lost(long frames) {
        counts.lost += frames;
    }

    void corrupt() {
        counts.corrupt++;
    }

    void ended() {
        counts.ended++;
    }

    void failed(String why) {
        failures.merge(why, 1, Integer::sum);
    }
}
