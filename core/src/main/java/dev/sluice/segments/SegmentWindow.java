package dev.sluice.segments;

import dev.sluice.hub.StreamName;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.mp4.CmafMuxer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns finished parts into bytes with names, lets old ones go, and publishes a [LiveWindow] after each change.
/// Owned by the stream's home loop.
final class SegmentWindow {
    private static final Logger log = LoggerFactory.getLogger(SegmentWindow.class);

    private final StreamName stream;
    private final SegmentSettings settings;
    private final SegmentStore store;
    private final LongSupplier wallClockMs;
    private final Consumer<LiveWindow> onChange;
    private final long firstSequence;

    private final Deque<Segment> kept = new ArrayDeque<>();
    private final List<InitSegment> inits = new ArrayList<>();
    private final Map<TrackKind, TrackMeter> meters = new EnumMap<>(TrackKind.class);
    private long nextSequence;
    private int discontinuities;
    private long anchorMs;
    private int targetSeconds;
    private List<Track> unsupported = List.of();
    private boolean ended;
    /// One line per stream is enough.
    private boolean toldFull;

    /// @param firstSequence the number of the first segment
    /// @param onChange called with each new window, on the home loop
    SegmentWindow(
            StreamName stream,
            SegmentSettings settings,
            SegmentStore store,
            LongSupplier wallClockMs,
            long firstSequence,
            Consumer<LiveWindow> onChange) {
        this.stream = stream;
        this.settings = settings;
        this.store = store;
        this.wallClockMs = wallClockMs;
        this.onChange = onChange;
        this.firstSequence = firstSequence;
        this.nextSequence = firstSequence;
        this.targetSeconds = Math.ceilDiv(settings.segmentMs(), 1000);
    }

    /// These tracks cannot be carried.
    void unsupported(List<Track> tracks) {
        if (!tracks.equals(unsupported)) {
            unsupported = List.copyOf(tracks);
            publish();
        }
    }

    /// The frame at this time was received so long ago.
    void anchor(long startNs, long agoNs) {
        anchorMs = wallClockMs.getAsLong() - Math.floorDiv(startNs + agoNs, 1_000_000L);
    }

    /// A segment is complete. No parts are no segment.
    void add(Map<TrackKind, Part> parts) {
        if (parts.isEmpty()) {
            return;
        }
        long sequence = nextSequence++;
        boolean discontinuity = false;
        for (var part : parts.values()) {
            discontinuity |= initialise(part.track(), sequence);
        }
        discontinuities += discontinuity ? 1 : 0;
        var tracks = new EnumMap<TrackKind, TrackSegment>(TrackKind.class);
        parts.forEach((kind, part) -> tracks.put(kind, write(part, sequence)));
        kept.addLast(segment(sequence, parts, tracks, discontinuity));
        letOldOnesGo();
        publish();
    }

    /// Nobody published between these times: a segment without files stands for that.
    void addGap(long fromNs, long untilNs) {
        kept.addLast(new Segment(
                nextSequence++,
                fromNs,
                untilNs - fromNs,
                wallClockMs(fromNs),
                true,
                false,
                discontinuities,
                true,
                Map.of()));
        letOldOnesGo();
        publish();
    }

    /// No segment follows.
    void end() {
        ended = true;
        publish();
    }

    /// Forgets everything.
    void clear() {
        kept.forEach(this::delete);
        kept.clear();
        inits.forEach(init -> store.delete(init.path()));
        inits.clear();
    }

    long nextSequence() {
        return nextSequence;
    }

    /// Whether the track had another configuration in the segment before.
    private boolean initialise(Track track, long sequence) {
        var before = meters.get(track.kind());
        if (before != null && before.init().track().config().equals(track.config())) {
            return false;
        }
        var init = new InitSegment(sequence, track, path(track.kind(), "init-" + sequence + ".mp4"));
        put(init.path(), CmafMuxer.init(List.of(track)));
        inits.add(init);
        meters.put(track.kind(), new TrackMeter(init));
        return before != null;
    }

    private TrackSegment write(Part part, long sequence) {
        var kind = part.track().kind();
        var meter = Objects.requireNonNull(meters.get(kind));
        var whole = discontinuities > 0 ? part.withParameterSets() : part;
        var bytes = whole.fragment((int) (sequence - firstSequence + 1));
        var path = path(kind, sequence + ".m4s");
        put(path, bytes);
        var written = new TrackSegment(
                path,
                meter.init().id(),
                part.startNs(),
                part.endNs() - part.startNs(),
                bytes.length(),
                part.samples().size());
        meter.add(written);
        return written;
    }

    private Segment segment(
            long sequence, Map<TrackKind, Part> parts, Map<TrackKind, TrackSegment> tracks, boolean discontinuity) {
        var video = parts.get(TrackKind.VIDEO);
        var lead = tracks.containsKey(TrackKind.VIDEO)
                ? Objects.requireNonNull(tracks.get(TrackKind.VIDEO))
                : tracks.values().iterator().next();
        return new Segment(
                sequence,
                lead.startNs(),
                lead.durationNs(),
                wallClockMs(lead.startNs()),
                video == null || video.beginsWithKey(),
                discontinuity,
                discontinuities,
                false,
                tracks);
    }

    private long wallClockMs(long startNs) {
        return anchorMs + Math.floorDiv(startNs, 1_000_000L);
    }

    /// Listed are the newest; beyond them a few are spare; and when the store is full, none is safe.
    private void letOldOnesGo() {
        for (var track : kept.getLast().tracks().values()) {
            targetSeconds = Math.max(targetSeconds, (int) Math.round(track.durationNs() / 1e9));
        }
        while (kept.size() > settings.windowSegments() + settings.spareSegments()) {
            delete(kept.removeFirst());
        }
        int before = kept.size();
        while (store.full() && !kept.isEmpty()) {
            delete(kept.removeFirst());
        }
        if (kept.size() < before && !toldFull) {
            toldFull = true;
            log.warn(
                    "segments.full stream={} kept={}: raise segments.memoryMaxBytes to keep more", stream, kept.size());
        }
        dropUnusedInits();
    }

    private void dropUnusedInits() {
        inits.removeIf(init -> {
            boolean used = isNewest(init) || kept.stream().anyMatch(segment -> uses(segment, init));
            if (!used) {
                store.delete(init.path());
            }
            return !used;
        });
    }

    private boolean isNewest(InitSegment init) {
        var meter = meters.get(init.track().kind());
        return !ended && meter != null && meter.init().id() == init.id();
    }

    private static boolean uses(Segment segment, InitSegment init) {
        return segment.track(init.track().kind())
                .map(track -> track.initId() == init.id())
                .orElse(false);
    }

    private void delete(Segment segment) {
        segment.tracks().values().forEach(track -> store.delete(track.path()));
    }

    /// The store keeps the order of writes, so what is published is there.
    private void put(String path, Payload bytes) {
        store.put(path, bytes).whenComplete((_, failure) -> {
            if (failure != null) {
                log.warn("segments.put path={} failed: {}", path, failure.toString());
            }
        });
    }

    private void publish() {
        var all = List.copyOf(kept);
        int spare = Math.max(0, all.size() - settings.windowSegments());
        var listed = all.subList(spare, all.size());
        var tracks = Stream.of(TrackKind.VIDEO, TrackKind.AUDIO)
                .filter(kind -> listed.stream()
                        .anyMatch(
                                segment -> segment.gap() || segment.track(kind).isPresent()))
                .map(meters::get)
                .filter(Objects::nonNull)
                .map(meter -> meter.measure(listed))
                .toList();
        onChange.accept(new LiveWindow(
                stream, tracks, listed, all.subList(0, spare), inits, targetSeconds, unsupported, ended));
    }

    private String path(TrackKind kind, String file) {
        return stream + "/" + kind.name().toLowerCase(Locale.ROOT) + "-" + file;
    }
}
