package dev.sluice.segments;

import dev.sluice.hub.Cursor;
import dev.sluice.hub.EndReason;
import dev.sluice.hub.Loop;
import dev.sluice.hub.Reader;
import dev.sluice.hub.StreamState;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Gap;
import dev.sluice.media.Metadata;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.mp4.CmafMuxer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// Cuts one live stream into segments, once for all its viewers. Runs on the stream's home loop and never waits.
///
/// *Where is cut.* The leading track decides: video where there is video, else audio. Video is cut at its first
/// key frame at or after the target duration; audio anywhere. A segment that outgrows its longest time or its
/// most bytes is cut without a key frame and is then not independent, so a long GOP costs a known amount of
/// memory. The first few segments may be shorter, so that the first viewer waits less.
///
/// *One cut for all tracks.* A cut is a time, decided before the other tracks have reached it. The segment closes
/// when each track has a frame at or after the cut, or has fallen silent: the others went on without it. A silent
/// track no longer leads and is filled in (see [Lane]).
///
/// *Memory.* What waits for a track that lags behind is bounded too, whatever the times of the frames say: beyond
/// [#waitingMaxBytes] nothing waits any more (see [#relieve]).
///
/// *New configurations.* A frame with a new configuration cuts where it is. When audio and video change together,
/// one is a little later than the other: what changes within [#SETTLE_NS] of a cut belongs to that cut.
///
/// *Nobody publishes.* When a gap begins, what is there becomes a segment at once. From then on each target
/// duration of real time is a segment without files (see [GapFiller]), up to where the leading track goes on.
final class Segmenter implements Reader<Entry> {
    private static final long MS = 1_000_000L;
    private static final long SETTLE_NS = 500 * MS;
    /// Encoders start audio a little before the first picture; more than this is left out.
    private static final long EARLY_NS = 250 * MS;
    /// Times come in whole milliseconds: a GOP of two seconds may measure 1.999.
    private static final long ROUNDING_NS = 5 * MS;

    private static final int EARLY_SEGMENTS = 3;
    private static final long EARLY_SEGMENT_NS = 1_000 * MS;

    /// The last frame before a gap lasts at most this long, or until now. A slide may have been meant to.
    private static final long LAST_FRAME_NS = 100 * MS;
    private static final long MIN_WAITING_MAX_BYTES = 4L << 20;

    private final SegmentSettings settings;
    private final SegmentWindow window;
    private final GapFiller gap;
    private final Map<TrackKind, Lane> lanes = new EnumMap<>(TrackKind.class);

    /// Ends of segments that wait for a track to get there.
    private final Deque<Long> cuts = new ArrayDeque<>();
    /// Where the segment being filled begins, and where the oldest that is not closed does.
    private long openNs = Lane.NONE;

    private long unclosedNs;
    private long openBytes;
    private int cutsMade;
    private boolean started;
    /// When the entry came that is looked at, on the loop's clock.
    private long cameNs = Long.MAX_VALUE;

    /// @param home the loop of the stream, for its time
    Segmenter(SegmentSettings settings, SegmentWindow window, Loop home) {
        this.settings = settings;
        this.window = window;
        this.gap = new GapFiller(settings, window, home);
    }

    /// What was said before the first entry.
    void start(StreamState state) {
        announce(state.tracks());
    }

    @Override
    public void take(Cursor<Entry> cursor) {
        for (var entry = cursor.peek(); entry != null; entry = cursor.peek()) {
            if (cursor.takeJumped() && started) {
                onLost();
            }
            started = true;
            cameNs = cursor.cameNs();
            accept(entry);
            cursor.advance();
        }
    }

    /// One entry of the stream, in order.
    void accept(Entry entry) {
        switch (entry) {
            case TracksChanged changed -> announce(changed.tracks());
            case Frame frame -> onFrame(frame);
            case Metadata _ -> {} // describes nothing that a segment carries
            case Gap open when open.isOpen() -> onGap();
            case Gap _ -> {} // the times of the frames around it say the same
        }
    }

    /// Nothing is cut any more, and nobody is told.
    void stop() {
        gap.hold();
    }

    @Override
    public void onEnd(EndReason why) {
        stop();
        while (!cuts.isEmpty()) {
            close(cuts.removeFirst());
        }
        for (var rest = takeRest(); !rest.isEmpty(); rest = takeRest()) {
            window.add(rest);
        }
        window.end();
    }

    private Map<TrackKind, Part> takeRest() {
        var rest = new EnumMap<TrackKind, Part>(TrackKind.class);
        lanes.forEach((kind, lane) -> lane.takeRest().ifPresent(part -> rest.put(kind, part)));
        return rest;
    }

    /// A kind of track that was there once stays: when it vanishes it is silent.
    private void announce(List<Track> tracks) {
        var unsupported = new ArrayList<Track>();
        var chosen = new EnumMap<TrackKind, Track>(TrackKind.class);
        for (var track : tracks) {
            if (!CmafMuxer.carries(track)) {
                unsupported.add(track);
            } else if (chosen.putIfAbsent(track.kind(), track) == null) {
                lanes.computeIfAbsent(track.kind(), _ -> laneOf(track)).announce(track);
            }
        }
        window.unsupported(unsupported);
    }

    private static Lane laneOf(Track track) {
        return track.kind() == TrackKind.VIDEO ? new VideoLane(track) : new AudioLane(track);
    }

    private void onLost() {
        if (lanes.get(TrackKind.VIDEO) instanceof VideoLane video) {
            video.lost();
        }
    }

    /// Nobody publishes any more.
    private void onGap() {
        boolean begins = openNs != Lane.NONE;
        if (begins) {
            closeAll();
        }
        lanes.values().forEach(Lane::pause);
        openNs = Lane.NONE;
        if (begins) {
            gap.begin(unclosedNs);
        } else if (gap.isOpen()) {
            gap.goOn();
        }
    }

    /// All that is there ends at its real end, the same for all tracks. One round for each configuration.
    private void closeAll() {
        lanes.values().forEach(Lane::silence);
        closeReady();
        long newestNs = Math.max(openNs, longest(Lane::newestNs));
        long latestNs = Math.max(newestNs + LAST_FRAME_NS, gap.nowNs());
        long endNs = Math.clamp(longest(Lane::waitingEndNs), newestNs + 1, latestNs);
        for (long before = Long.MAX_VALUE; waitingBytes() > 0 && waitingBytes() < before; ) {
            before = waitingBytes();
            close(endNs);
        }
    }

    private long longest(ToLongFunction<Lane> timeNs) {
        return lanes.values().stream().mapToLong(timeNs).max().orElse(Lane.NONE);
    }

    private void onFrame(Frame frame) {
        var lane = lanes.get(frame.track().kind());
        boolean carriesMedia =
                frame.kind() != FrameKind.COMMAND && frame.payload().length() > 0;
        if (lane == null || !carriesMedia || !lane.feeds(frame.track())) {
            return;
        }
        gap.heard(frame.dtsNs(), cameNs);
        boolean newConfig = lane.changesWith(frame);
        var sample = lane.accept(frame);
        if (sample == null) {
            return;
        }
        gap.hold();
        lane.heard();
        others(lane).forEach(other -> other.waited(lane.stepNs()));
        decide(lane, sample, newConfig);
        closeReady();
        if (waitingBytes() > waitingMaxBytes(settings)) {
            relieve(lane, sample.startNs());
        }
    }

    private void decide(Lane lane, TimedSample sample, boolean newConfig) {
        if (openNs == Lane.NONE) {
            open(lane);
        } else if (newConfig && sample.startNs() - openNs < SETTLE_NS) {
            lane.forgetOldConfig(openNs);
        } else if (newConfig || (lane == lead() && isEnough(lane, sample))) {
            cut(sample.startNs());
        }
        openBytes += sample.payload().length();
    }

    private void open(Lane lane) {
        if (lane != lead()) {
            return;
        }
        openNs = lane.oldestNs();
        if (gap.isOpen()) {
            gap.end(openNs);
            cutsMade = 0; // everybody waits for a picture again
            others(lane).forEach(other -> other.resumeAt(openNs));
        } else {
            others(lane).forEach(other -> other.dropBefore(openNs - EARLY_NS));
        }
        unclosedNs = openNs;
        window.anchor(openNs, gap.heardAgoNs());
    }

    private Stream<Lane> others(Lane lane) {
        return lanes.values().stream().filter(other -> other != lane);
    }

    private boolean isEnough(Lane lane, TimedSample next) {
        long elapsedNs = next.startNs() - openNs;
        if (elapsedNs <= 0) {
            return false;
        }
        if (elapsedNs >= settings.segmentMaxMs() * MS || openBytes >= settings.segmentMaxBytes()) {
            return true;
        }
        long targetNs = settings.segmentMs() * MS;
        long enoughNs = cutsMade < EARLY_SEGMENTS ? Math.min(EARLY_SEGMENT_NS, targetNs) : targetNs;
        boolean joinable = lane.kind() == TrackKind.AUDIO || next.key();
        return joinable && elapsedNs >= enoughNs - ROUNDING_NS;
    }

    private void cut(long atNs) {
        cuts.add(atNs);
        cutsMade++;
        openNs = atNs;
        openBytes = 0;
    }

    private void closeReady() {
        while (!cuts.isEmpty() && allReady(cuts.getFirst())) {
            close(cuts.removeFirst());
        }
    }

    /// A segment that is complete but for a track, and the next. More where segments are tiny, so that a key frame
    /// that outgrows its segment harms nobody.
    static long waitingMaxBytes(SegmentSettings settings) {
        return Math.max(MIN_WAITING_MAX_BYTES, 2L * settings.segmentMaxBytes());
    }

    long waitingBytes() {
        long sum = 0;
        for (var lane : lanes.values()) { // asked for each frame
            sum += lane.waitingBytes();
        }
        return sum;
    }

    /// Too much waits. Tracks that lag behind the newest frame are silent from now on; when that is not enough, the
    /// segment ends at that frame; what then is still older came too late, or changed too often, and is lost.
    private void relieve(Lane lane, long newestNs) {
        for (var other : lanes.values()) {
            if (other != lane && other.newestNs() < newestNs) {
                other.silence();
            }
        }
        if (openNs == Lane.NONE) {
            open(lane);
        }
        closeReady();
        if (waitingBytes() > waitingMaxBytes(settings)) {
            closeAt(newestNs);
        }
        if (waitingBytes() > waitingMaxBytes(settings)) {
            lanes.values().forEach(each -> each.loseBefore(Math.max(newestNs, unclosedNs)));
        }
    }

    /// Closes everything before this time, even where a later cut was decided already.
    private void closeAt(long atNs) {
        while (!cuts.isEmpty() && cuts.getFirst() <= atNs) {
            close(cuts.removeFirst());
        }
        if (atNs > unclosedNs) {
            close(atNs);
        }
        if (atNs > openNs) {
            openNs = atNs;
            openBytes = 0;
        }
    }

    private boolean allReady(long cutNs) {
        for (var lane : lanes.values()) {
            if (lane.newestNs() < cutNs && !lane.isSilent()) {
                return false;
            }
        }
        return true;
    }

    private void close(long untilNs) {
        var parts = new EnumMap<TrackKind, Part>(TrackKind.class);
        for (var lane : lanes.values()) {
            lane.take(unclosedNs, untilNs, lane.isSilent()).ifPresent(part -> parts.put(lane.kind(), part));
        }
        unclosedNs = untilNs;
        window.add(parts);
    }

    private Lane lead() {
        var video = lanes.get(TrackKind.VIDEO);
        var audio = lanes.get(TrackKind.AUDIO);
        if (video != null && (audio == null || !video.isSilent())) {
            return video;
        }
        return Objects.requireNonNull(audio, "a frame came, so there is a lane");
    }
}
