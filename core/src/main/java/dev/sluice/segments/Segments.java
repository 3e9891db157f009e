package dev.sluice.segments;

import dev.sluice.hub.Hub;
import dev.sluice.hub.LiveStream;
import dev.sluice.hub.Loop;
import dev.sluice.hub.StreamName;
import dev.sluice.media.Payload;
import dev.sluice.media.TrackKind;
import dev.sluice.server.spi.PerApp;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The segments of all live streams, and for a while those of streams that ended. Any thread.
public final class Segments {
    private final PerApp<SegmentSettings> settings;
    private final SegmentStore store;
    private final LongSupplier wallClockMs;
    private final Map<StreamName, StreamSegments> streams = new ConcurrentHashMap<>();

    /// Keeps segments in memory.
    ///
    /// @param wallClockMs milliseconds since 1970
    public Segments(Hub hub, PerApp<SegmentSettings> settings, LongSupplier wallClockMs) {
        this(hub, settings, new MemorySegmentStore(settings.global().effectiveMemoryMaxBytes()), wallClockMs);
    }

    /// @param wallClockMs milliseconds since 1970
    public Segments(Hub hub, PerApp<SegmentSettings> settings, SegmentStore store, LongSupplier wallClockMs) {
        this.settings = settings;
        this.store = store;
        this.wallClockMs = wallClockMs;
        hub.onStream(this::attach);
        hub.onEnd(this::detach);
    }

    /// Like [#of], for somebody who wants to play it: where nobody did until now, cutting begins.
    public Optional<LiveWindow> want(StreamName stream) {
        var at = Optional.ofNullable(streams.get(stream));
        at.ifPresent(StreamSegments::want);
        return at.map(StreamSegments::window);
    }

    /// What there is of a stream now; without segments while the first is being filled; empty when the stream is
    /// not live and did not end lately, or its application does not want segments.
    public Optional<LiveWindow> of(StreamName stream) {
        return Optional.ofNullable(streams.get(stream)).map(StreamSegments::window);
    }

    /// Calls `listener` on the stream's home loop with each new window, until it is cancelled or the stream ends.
    /// Ask [#of] afterwards: the window may have changed before.
    public Loop.Cancellable onChange(StreamName stream, Consumer<LiveWindow> listener) {
        var at = streams.get(stream);
        if (at == null) {
            return () -> {};
        }
        at.listen(listener);
        return () -> at.unlisten(listener);
    }

    /// The file of a track in a segment that can still be fetched.
    public Optional<TrackSegment> find(StreamName stream, TrackKind kind, long sequence) {
        return Optional.ofNullable(streams.get(stream)).flatMap(at -> at.find(kind, sequence));
    }

    public Optional<InitSegment> findInit(StreamName stream, TrackKind kind, long id) {
        return Optional.ofNullable(streams.get(stream)).flatMap(at -> at.findInit(kind, id));
    }

    /// The bytes behind the path of a segment; empty when they went meanwhile.
    public CompletionStage<Optional<Payload>> bytes(String path) {
        return store.get(path);
    }

    /// On the home loop of the stream, before its first entry.
    private void attach(LiveStream stream) {
        var wanted = settings.of(stream.name().app());
        if (!wanted.enabled()) {
            return;
        }
        var predecessor = Optional.ofNullable(streams.get(stream.name()));
        var segments = new StreamSegments(
                stream,
                wanted,
                store,
                wallClockMs,
                predecessor,
                ended -> stream.home().after(wanted.lingerMs(), () -> {
                    streams.remove(stream.name(), ended);
                    ended.clear();
                }));
        streams.put(stream.name(), segments);
    }

    /// Ends what nobody asked for: the rest ended with the last segment.
    private void detach(LiveStream stream) {
        var at = streams.get(stream.name());
        if (at != null && at.isOf(stream)) {
            at.end();
        }
    }
}
