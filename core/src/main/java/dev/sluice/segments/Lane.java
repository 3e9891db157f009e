package dev.sluice.segments;

import dev.sluice.media.Frame;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.mp4.CmafMuxer;
import dev.sluice.media.mp4.Sample;
import dev.sluice.media.mp4.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One track on its way into segments: frames wait here until it is known where the segment ends and how long the
/// last frame lasts. A track that falls silent is filled in, because players stop when one of their tracks does:
/// audio with silence, video with its last key frame. Audio is filled in also where frames were lost. Owned by
/// the home loop.
abstract sealed class Lane permits VideoLane, AudioLane {
    /// Longer than tracks of one stream are usually apart, shorter than a viewer's patience.
    private static final long SILENT_AFTER_NS = 1_500_000_000L;

    private static final long SILENT_AFTER_MAX_NS = 5_000_000_000L;

    private static final long MAX_WAIT_STEP_NS = 500_000_000L;

    static final long NONE = Long.MIN_VALUE;

    private final WaitingSamples queue = new WaitingSamples();
    private Track track;
    private @Nullable TimedSample newest;
    /// Where the part taken last ended, and what it was configured as.
    private long endNs = NONE;
    private @Nullable Track takenAs;
    /// Whether that part ended with something filled in.
    private boolean filled;
    private long stepNs;
    /// How far the other tracks went on since a frame of this one came.
    private long waitedNs;

    Lane(Track track) {
        this.track = track;
    }

    /// The frame at its place on the time axis, or null when nothing can be made of it.
    abstract @Nullable TimedSample place(Frame frame, long floorTicks);

    /// Where a hole begins that must not stay between two frames; [#NONE] where there is none.
    abstract long holeTicks(@Nullable TimedSample before, TimedSample next);

    /// What covers the time up to `toTicks` when no frame does; may be empty.
    abstract List<TimedSample> filler(Track as, long fromTicks, long toTicks);

    /// How long the last frame of a part lasts when no frame follows it, at most up to `untilTicks` if that is
    /// later.
    abstract long lastEndTicks(List<TimedSample> samples, long untilTicks);

    /// Frames are missing from here on: those that come may refer to them.
    abstract void onHole();

    TrackKind kind() {
        return track.kind();
    }

    Track track() {
        return track;
    }

    /// The publisher announced this configuration.
    void announce(Track announced) {
        track = announced;
    }

    /// Whether frames of this track are for this lane, and a segment can carry them.
    @SuppressWarnings("ReferenceEquality") // nearly always the same track, which need not be asked about again
    boolean feeds(Track other) {
        return track == other || (track.id() == other.id() && CmafMuxer.carries(other));
    }

    /// Takes a frame in; null when it was left out: it comes too late, or its decoder could not use it.
    @Nullable
    TimedSample accept(Frame frame) {
        track = frame.track();
        int timescale = CmafMuxer.timescale(track);
        var sample = place(frame, floorTicks());
        if (sample == null) {
            return null;
        }
        if (isTaken(sample)) {
            onHole();
            return null;
        }
        long holeTicks = filled ? Ticks.ofNs(endNs, timescale) : holeTicks(newest, sample);
        filled = false;
        if (holeTicks != NONE) {
            queue.addAll(filler(track, holeTicks, sample.startTicks()));
        }
        queue.add(sample);
        stepNs = newest == null ? 0 : sample.startNs() - newest.startNs();
        newest = sample;
        return sample;
    }

    /// A frame of this track was taken in.
    void heard() {
        waitedNs = 0;
    }

    /// Another track went on by this much. A long step counts little: then the publisher had nothing to send at
    /// all.
    void waited(long otherStepNs) {
        waitedNs += Math.clamp(otherStepNs, 0, MAX_WAIT_STEP_NS);
    }

    /// Nothing waits for this track any more, until a frame of it comes.
    void silence() {
        waitedNs = Long.MAX_VALUE / 2;
    }

    /// Whether the other tracks have gone on without this one for longer than its frames are usually apart.
    /// Counted in media time, so a network that stalls silences nobody, and tracks that arrive far apart are
    /// waited for.
    boolean isSilent() {
        return waitedNs > silentAfterNs();
    }

    /// A slide show is not silent between its pictures.
    private long silentAfterNs() {
        return Math.clamp(2 * stepNs, SILENT_AFTER_NS, SILENT_AFTER_MAX_NS);
    }

    /// What its frames that wait cost, in bytes of memory.
    long waitingBytes() {
        return queue.bytes();
    }

    /// Between the two newest frames.
    long stepNs() {
        return stepNs;
    }

    /// Where the newest frame that waits ends, as far as that can be told without the next; [#NONE] where none waits.
    long waitingEndNs() {
        var last = newest;
        if (queue.isEmpty() || last == null) {
            return NONE;
        }
        int timescale = CmafMuxer.timescale(last.track());
        return Ticks.toNs(lastEndTicks(List.of(last), Ticks.ofNs(last.startNs() + stepNs, timescale)), timescale);
    }

    long newestNs() {
        return newest == null ? NONE : newest.startNs();
    }

    /// The start of the oldest frame that waits.
    long oldestNs() {
        var oldest = queue.peek();
        return oldest == null ? NONE : oldest.startNs();
    }

    /// Whether this frame has another configuration than the frame before.
    @SuppressWarnings("ReferenceEquality") // nearly always the same track, which need not be compared
    boolean changesWith(Frame frame) {
        return newest != null
                && newest.track() != frame.track()
                && !newest.track().config().equals(frame.track().config());
    }

    /// Gives up what waits from this time on and is not configured as the newest frame is.
    void forgetOldConfig(long fromNs) {
        var now = newest;
        queue.removeIf(sample -> now != null && sample.startNs() >= fromNs && !sample.sameConfig(now));
    }

    /// Gives up what waits before this time.
    void dropBefore(long untilNs) {
        queue.removeIf(sample -> sample.startNs() < untilNs);
    }

    /// The same where frames that stay may refer to those that go.
    void loseBefore(long untilNs) {
        if (queue.removeIf(sample -> sample.startNs() < untilNs)) {
            onHole();
        }
    }

    /// Nobody publishes any more. What still waits is given up; what comes after that follows nothing.
    void pause() {
        queue.removeIf(_ -> true);
        newest = null;
        stepNs = 0;
        filled = false;
        waitedNs = 0;
        onHole();
    }

    /// Media goes on from this time, with nothing before it: a track that begins later is filled in from there.
    void resumeAt(long fromNs) {
        dropBefore(fromNs);
        endNs = fromNs;
        filled = queue.isEmpty();
    }

    /// Takes what belongs to the segment that ends at `untilNs`, filled in where that is needed and possible.
    /// Frames of another configuration stay for the next segment.
    ///
    /// @param silent whether no frame is expected any more
    Optional<Part> take(long sinceNs, long untilNs, boolean silent) {
        var samples = new ArrayList<TimedSample>();
        for (var head = queue.peek();
                head != null
                        && head.startNs() < untilNs
                        && (samples.isEmpty() || samples.getFirst().sameConfig(head));
                head = queue.peek()) {
            samples.add(queue.remove());
        }
        if (samples.isEmpty() || silent) {
            fill(samples, sinceNs, untilNs);
        }
        return samples.isEmpty() ? Optional.empty() : Optional.of(part(samples, untilNs));
    }

    /// Takes all that is left of one configuration, with nothing after it.
    Optional<Part> takeRest() {
        if (queue.isEmpty()) {
            return Optional.empty();
        }
        var samples = new ArrayList<TimedSample>();
        for (var head = queue.peek();
                head != null && (samples.isEmpty() || samples.getFirst().sameConfig(head));
                head = queue.peek()) {
            samples.add(queue.remove());
        }
        return Optional.of(part(samples, samples.getLast().startNs()));
    }

    private void fill(List<TimedSample> samples, long sinceNs, long untilNs) {
        var as = samples.isEmpty()
                ? (takenAs == null ? track : takenAs)
                : samples.getLast().track();
        int timescale = CmafMuxer.timescale(as);
        long untilTicks = Ticks.ofNs(untilNs, timescale);
        long fromTicks = samples.isEmpty()
                ? Ticks.ofNs(endNs == NONE ? sinceNs : endNs, timescale)
                : lastEndTicks(samples, untilTicks);
        var filler = filler(as, fromTicks, untilTicks);
        if (!filler.isEmpty()) {
            samples.addAll(filler);
            filled = true;
            onHole();
        }
    }

    private Part part(List<TimedSample> samples, long untilNs) {
        var first = samples.getFirst();
        int timescale = CmafMuxer.timescale(first.track());
        long endTicks = endTicks(samples, timescale, untilNs);
        var timed = new ArrayList<Sample>(samples.size());
        for (int i = 0; i < samples.size(); i++) {
            var sample = samples.get(i);
            long next = i + 1 < samples.size() ? samples.get(i + 1).startTicks() : endTicks;
            int duration = Math.clamp(next - sample.startTicks(), 1, Integer.MAX_VALUE);
            timed.add(new Sample(sample.payload(), duration, sample.compositionTicks(), sample.key()));
        }
        endNs = Ticks.toNs(endTicks, timescale);
        takenAs = first.track();
        return new Part(first.track(), first.startTicks(), timed, first.startNs(), endNs);
    }

    private long endTicks(List<TimedSample> samples, int timescale, long untilNs) {
        var last = samples.getLast();
        var next = queue.peek();
        // a longer hole is a matter of the next segment
        if (next != null && next.sameConfig(last) && next.startNs() - last.startNs() <= silentAfterNs()) {
            return Math.max(next.startTicks(), last.startTicks() + 1);
        }
        return lastEndTicks(samples, Ticks.ofNs(untilNs, timescale));
    }

    /// Times never run back within one configuration.
    private long floorTicks() {
        if (newest != null && newest.track().config().equals(track.config())) {
            return newest.startTicks() + 1;
        }
        return 0;
    }

    private boolean isTaken(TimedSample sample) {
        return takenAs != null && takenAs.config().equals(sample.track().config()) && sample.startNs() < endNs;
    }
}
