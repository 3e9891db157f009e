package dev.sluice.hub;

import dev.sluice.media.Frame;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Maps the clocks of a stream's publications, one after the other, to the stream's own, which starts near
/// zero and never runs back on any track, whatever a publisher sends. Owned by the stream's home loop.
///
/// A publication has one offset for all its tracks, so that audio and video stay as far apart as the
/// publisher has them. It changes only when a clock jumps: then the first track that jumps gets a new offset,
/// and another takes the same one as soon as its own clock makes no sense without it. An offset that has
/// carried some frames is remembered per track, because a single wrong time comes back to it: after such an
/// outlier the stream is where it was.
///
/// Nothing that a publisher claims lets the clock go further than real time, and a second for each frame, and
/// a day in all. The rules are [Repair]; operators read them in `docs/reference/timeline.md`.
final class Timeline {
    static final long MS = 1_000_000L;
    /// Room for a second track that begins a little earlier than the first.
    private static final long START_NS = 100 * MS;

    private static final long MAX_STEP_NS = 1_000 * MS;
    private static final long MAX_EARLY_NS = 2_000 * MS;
    private static final long MAX_LOOSE_BEHIND_NS = 1_000 * MS;

    private record Lane(TrackKind kind, int id, TrackClock clock, Composition composition) {}

    /// Few, and looked through for each frame: cheaper than a map.
    private final List<Lane> lanes = new ArrayList<>();
    private final RealTime realTime = new RealTime();
    private final AvSkew skew = new AvSkew();
    private final RepairCounts repairs = new RepairCounts();
    /// The offset that a track took last.
    private long offsetNs;
    private long newestNs = -1;
    private boolean fresh = true;

    /// The next frame is the first of a publication: the stream's first one, or one that resumes it or takes
    /// it over. It will stand as far after the newest frame as real time has gone by since that came, one
    /// usual step at least.
    void begin(long nowNs) {
        if (newestNs < 0) {
            realTime.start(nowNs);
        }
        realTime.forgetLateness();
        skew.reset();
        lanes.forEach(lane -> {
            lane.clock().leave();
            lane.composition().leave();
        });
        fresh = true;
    }

    /// The frame at its place on the stream's timeline.
    ///
    /// @param nowNs when it arrived, on the loop's clock
    Frame place(Frame frame, long nowNs) {
        if (newestNs < 0) {
            realTime.start(nowNs);
        }
        var lane = laneOf(frame.track());
        var composed = lane.composition().mend(frame, repairs::add);
        var track = lane.clock();
        boolean first = track.isNew();
        adopt(track, offsetOf(track, composed.dtsNs(), nowNs));
        long placeNs = bounded(track, composed.dtsNs() + track.offsetNs(), nowNs);
        long dtsNs = track.take(placeNs, nowNs);
        if (dtsNs != placeNs && !first) {
            repairs.add(Repair.ORDER);
        }
        arrived(frame.track().kind(), dtsNs, nowNs);
        return composed.at(dtsNs);
    }

    private Lane laneOf(Track track) {
        for (var lane : lanes) {
            if (lane.kind == track.kind() && lane.id == track.id()) {
                return lane;
            }
        }
        var made = new Lane(track.kind(), track.id(), new TrackClock(), new Composition());
        lanes.add(made);
        return made;
    }

    /// Where something without an order of its own belongs, a change of tracks or metadata: at its time, but
    /// neither after the newest frame nor more than a second before it.
    long placeLoose(long publisherNs) {
        if (newestNs < 0) {
            return 0;
        }
        long behindNs = fresh ? 0 : Math.clamp(newestNs - (publisherNs + offsetNs), 0, MAX_LOOSE_BEHIND_NS);
        return Math.max(0, newestNs - behindNs);
    }

    /// Decode time of the newest frame on the stream's timeline; 0 before the first.
    long newestNs() {
        return Math.max(0, newestNs);
    }

    /// When the last frame came, on the loop's clock; before the first, when its publication began.
    long lastArrivalNs() {
        return realTime.lastArrivalNs();
    }

    /// How often each rule was needed since the stream began; rules that were not are absent. Never changes:
    /// another repair makes another map.
    Map<Repair, Long> repairs() {
        return repairs.snapshot();
    }

    /// Newest audio time minus newest video time of this publication, averaged over the last second or two; 0
    /// while only one of the two comes.
    long skewNs() {
        return skew.nowNs();
    }

    /// [#skewNs] as it was in the first second or two of this publication.
    long skewAtStartNs() {
        return skew.atStartNs();
    }

    private long offsetOf(TrackClock track, long publisherNs, long nowNs) {
        if (fresh) {
            return firstPlaceNs(track, nowNs) - publisherNs;
        }
        if (track.isNew()) {
            return joiningOffset(publisherNs, nowNs);
        }
        if (track.pace().errorNs(publisherNs + track.offsetNs(), nowNs) <= TrackClock.TOLERANCE_NS) {
            return track.offsetNs();
        }
        return mendedOffset(track, publisherNs, nowNs);
    }

    private long firstPlaceNs(TrackClock track, long nowNs) {
        if (newestNs < 0) {
            return START_NS;
        }
        return newestNs + Math.max(track.pace().usualStepNs(), TrackPace.wholeMs(realTime.waitedNs(nowNs)));
    }

    /// A track that speaks for the first time has the clock of the others. While one of them is an outlier
    /// there are two to choose from: the nearer one is right.
    private long joiningOffset(long publisherNs, long nowNs) {
        long best = offsetNs;
        for (var lane : lanes) {
            var other = lane.clock();
            if (!other.isNew()) {
                best = nearer(best, nearer(other.offsetNs(), other.homeNs(), publisherNs), publisherNs);
            }
        }
        long aheadNs = publisherNs + best - newestNs;
        if (aheadNs >= -MAX_EARLY_NS && !isTooFar(publisherNs + best, nowNs)) {
            return best;
        }
        repairs.add(aheadNs < 0 ? Repair.JUMP_BACK : Repair.JUMP_AHEAD);
        return newestNs - publisherNs;
    }

    private long nearer(long one, long other, long publisherNs) {
        long distance = Math.clamp(publisherNs + one - newestNs, -Long.MAX_VALUE, Long.MAX_VALUE);
        long otherDistance = Math.clamp(publisherNs + other - newestNs, -Long.MAX_VALUE, Long.MAX_VALUE);
        return Math.abs(otherDistance) < Math.abs(distance) ? other : one;
    }

    /// For a clock that does not say what it should: back from an outlier, after another track, or to a new
    /// offset; or as it is, because not every surprise is a fault.
    private long mendedOffset(TrackClock track, long publisherNs, long nowNs) {
        long homeErrorNs = track.pace().errorNs(publisherNs + track.homeNs(), nowNs);
        long othersErrorNs = track.pace().errorNs(publisherNs + offsetNs, nowNs);
        if (Math.min(homeErrorNs, othersErrorNs) <= TrackClock.TOLERANCE_NS) {
            return homeErrorNs < othersErrorNs ? track.homeNs() : offsetNs;
        }
        long placeNs = publisherNs + track.offsetNs();
        boolean back = track.jumpsBackTo(placeNs);
        if (!back && !isTooFar(placeNs, nowNs)) {
            return track.offsetNs();
        }
        repairs.add(back ? Repair.JUMP_BACK : Repair.JUMP_AHEAD);
        return track.pace().nextNs(nowNs) - publisherNs;
    }

    private boolean isTooFar(long placeNs, long nowNs) {
        return placeNs - newestNs > MAX_STEP_NS + realTime.creditNs(nowNs);
    }

    private void adopt(TrackClock track, long offset) {
        if (track.isNew() || track.offsetNs() != offset) {
            track.adopt(offset);
            offsetNs = offset;
        }
    }

    private long bounded(TrackClock track, long placeNs, long nowNs) {
        long latestNs = START_NS + realTime.latestNs(nowNs);
        if (placeNs <= latestNs) {
            return placeNs;
        }
        repairs.add(Repair.RUNAWAY);
        return Math.max(track.pace().soonestNs(), latestNs);
    }

    private void arrived(TrackKind kind, long dtsNs, long nowNs) {
        long advanceNs = newestNs < 0 ? 0 : Math.max(0, dtsNs - newestNs);
        realTime.arrived(advanceNs, nowNs);
        newestNs = Math.max(newestNs, dtsNs);
        skew.add(kind, dtsNs);
        fresh = false;
    }
}
