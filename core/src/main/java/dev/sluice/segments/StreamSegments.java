package dev.sluice.segments;

import dev.sluice.hub.LiveStream;
import dev.sluice.media.TrackKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The segments of one publication: written on its home loop, read from any thread.
final class StreamSegments {
    private final SegmentWindow writer;
    private final Optional<LiveWindow> before;
    private final Set<Consumer<LiveWindow>> listeners = ConcurrentHashMap.newKeySet();
    private volatile LiveWindow window;

    /// @param predecessor what an earlier publication of the same name left
    /// @param onEnded called once, on the home loop
    StreamSegments(
            LiveStream stream,
            SegmentSettings settings,
            SegmentStore store,
            LongSupplier wallClockMs,
            Optional<StreamSegments> predecessor,
            Consumer<StreamSegments> onEnded) {
        this.before = predecessor.map(StreamSegments::window);
        this.window = new LiveWindow(stream.name(), List.of(), List.of(), List.of(), List.of(), 0, List.of(), false);
        this.writer =
                new SegmentWindow(stream.name(), settings, store, wallClockMs, firstSequence(stream, before), next -> {
                    window = next;
                    listeners.forEach(listener -> listener.accept(next));
                    if (next.ended()) {
                        onEnded.accept(this);
                    }
                });
        var segmenter = new Segmenter(settings, writer, stream.home());
        stream.read(segmenter::start, segmenter);
    }

    LiveWindow window() {
        return window;
    }

    void listen(Consumer<LiveWindow> listener) {
        listeners.add(listener);
    }

    void unlisten(Consumer<LiveWindow> listener) {
        listeners.remove(listener);
    }

    Optional<TrackSegment> find(TrackKind kind, long sequence) {
        return window.find(kind, sequence).or(() -> before.flatMap(old -> old.find(kind, sequence)));
    }

    Optional<InitSegment> findInit(TrackKind kind, long id) {
        return window.findInit(kind, id).or(() -> before.flatMap(old -> old.findInit(kind, id)));
    }

    /// Frees the bytes. Home loop.
    void clear() {
        writer.clear();
    }

    /// Seconds since 1970, so that a name is never used for other bytes: not after the publisher comes back, and
    /// not after the server was started anew. Segments last a second or more on average; where they do not, the
    /// predecessor's numbers are passed.
    private static long firstSequence(LiveStream stream, Optional<LiveWindow> before) {
        long last = before.filter(old -> !old.segments().isEmpty())
                .map(old -> old.segments().getLast().sequence())
                .orElse(0L);
        return Math.max(stream.startedAtMs() / 1000, last + 1);
    }
}
