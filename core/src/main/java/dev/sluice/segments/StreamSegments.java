package dev.sluice.segments;

import dev.sluice.hub.Cursor;
import dev.sluice.hub.LiveStream;
import dev.sluice.media.Entry;
import dev.sluice.media.TrackKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The segments of one live stream, while somebody asks for them. Cut on its home loop, read from any thread.
///
/// Cutting costs as much as sending the stream to some viewers, and keeps all of its bytes once more. So it begins with
/// the first request, at the oldest entry that the stream's log still has, and stops when nobody has asked for a while.
/// Numbers go on where they stopped.
final class StreamSegments {
    /// What is there while it is being cut.
    private record Cutting(Cursor<Entry> cursor, Segmenter segmenter, SegmentWindow writer) {
        void stop() {
            cursor.close();
            segmenter.stop();
            writer.clear();
        }
    }

    private final LiveStream stream;
    private final SegmentSettings settings;
    private final SegmentStore store;
    private final LongSupplier wallClockMs;
    private final Optional<LiveWindow> before;
    private final Consumer<StreamSegments> onEnded;
    private final Set<Consumer<LiveWindow>> listeners = ConcurrentHashMap.newKeySet();

    private volatile LiveWindow window;
    private volatile long wantedNs;
    private volatile boolean awake;
    private volatile long nextSequence;
    // home loop
    private @Nullable Cutting cutting;
    private boolean over;

    /// On the home loop.
    ///
    /// @param predecessor what an earlier publication of the same name left
    /// @param onEnded called once, on the home loop
    StreamSegments(
            LiveStream stream,
            SegmentSettings settings,
            SegmentStore store,
            LongSupplier wallClockMs,
            Optional<StreamSegments> predecessor,
            Consumer<StreamSegments> onEnded) {
        this.stream = stream;
        this.settings = settings;
        this.store = store;
        this.wallClockMs = wallClockMs;
        this.before = predecessor.map(StreamSegments::window);
        this.onEnded = onEnded;
        this.window = nothing();
        this.nextSequence = firstSequence(stream, predecessor);
        if (settings.always()) {
            wake();
        }
    }

    @SuppressWarnings("ReferenceEquality") // another stream of the same name is another stream
    boolean isOf(LiveStream other) {
        return stream == other;
    }

    LiveWindow window() {
        return window;
    }

    /// Somebody asks for segments: they come, now or soon.
    void want() {
        wantedNs = stream.home().nowNs();
        if (!awake) {
            stream.home().run(this::wake);
        }
    }

    void listen(Consumer<LiveWindow> listener) {
        listeners.add(listener);
    }

    void unlisten(Consumer<LiveWindow> listener) {
        listeners.remove(listener);
    }

    Optional<TrackSegment> find(TrackKind kind, long sequence) {
        var found = window.find(kind, sequence);
        if (found.isPresent()) {
            wantedNs = stream.home().nowNs(); // a player may fetch what it was told of for a long time
        }
        return found.or(() -> before.flatMap(old -> old.find(kind, sequence)));
    }

    Optional<InitSegment> findInit(TrackKind kind, long id) {
        return window.findInit(kind, id).or(() -> before.flatMap(old -> old.findInit(kind, id)));
    }

    /// Frees the bytes. Home loop.
    void clear() {
        if (cutting != null) {
            cutting.writer().clear();
        }
    }

    /// The stream is no more. Home loop; twice does no harm.
    void end() {
        if (!over) {
            over = true;
            onEnded.accept(this);
        }
    }

    private void wake() {
        if (awake || over) {
            return;
        }
        awake = true;
        var writer = new SegmentWindow(stream.name(), settings, store, wallClockMs, nextSequence, this::onWindow);
        var segmenter = new Segmenter(settings, writer, stream.home());
        cutting = new Cutting(stream.readAll(segmenter::start, segmenter), segmenter, writer);
        if (!settings.always()) {
            sleepAfter(settings.effectiveIdleMs());
        }
    }

    private void onWindow(LiveWindow next) {
        window = next;
        if (!next.segments().isEmpty()) {
            nextSequence = next.segments().getLast().sequence() + 1;
        }
        listeners.forEach(listener -> listener.accept(next));
        if (next.ended()) {
            end();
        }
    }

    private void sleepAfter(long ms) {
        stream.home().after(ms, () -> {
            if (over) {
                return;
            }
            long leftMs = settings.effectiveIdleMs() - unwantedMs();
            if (leftMs > 0) {
                sleepAfter(leftMs);
            } else {
                sleep();
            }
        });
    }

    private long unwantedMs() {
        return (stream.home().nowNs() - wantedNs) / 1_000_000;
    }

    private void sleep() {
        var done = cutting;
        if (done != null) {
            done.stop();
            cutting = null;
        }
        window = nothing();
        awake = false;
        if (unwantedMs() < settings.effectiveIdleMs()) {
            wake(); // somebody asked at the last moment, and found it awake
        }
    }

    private LiveWindow nothing() {
        return new LiveWindow(stream.name(), List.of(), List.of(), List.of(), List.of(), 0, List.of(), false);
    }

    /// Seconds since 1970, so that a name is never used for other bytes: not after the publisher comes back, and
    /// not after the server was started anew. Segments last a second or more on average; where they do not, the
    /// predecessor's numbers are passed.
    private static long firstSequence(LiveStream stream, Optional<StreamSegments> before) {
        return Math.max(
                stream.startedAtMs() / 1000, before.map(old -> old.nextSequence).orElse(0L));
    }
}
