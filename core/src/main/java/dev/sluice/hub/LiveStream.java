package dev.sluice.hub;

import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.Gap;
import dev.sluice.media.Metadata;
import dev.sluice.media.TracksChanged;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One live stream: a log of entries, what a newcomer must know, and the finished bytes of each format that
/// somebody watches. It lives on one home loop, fixed when it is created; everything that changes it happens
/// there. [#name], [#state], [#stats] and [#play] may be used from any thread.
public final class LiveStream {
    private static final Logger log = LoggerFactory.getLogger(LiveStream.class);

    private record StateChange(long fromSeq, StreamState state) {}

    private final StreamName name;
    private final Loop home;
    private final HubSettings settings;
    private final MemoryBudget budget;
    private final Consumer<LiveStream> onEnded;
    private final long startedAtMs;

    private final StreamLog<Entry> entries;
    private final Timeline timeline = new Timeline();
    private final Deque<StateChange> states = new ArrayDeque<>();
    private final Map<WireFormat<?>, WireLog<?>> wires = new HashMap<>();
    private final RateMeter meter = new RateMeter();
    private boolean signalPosted;
    private volatile StreamState state = StreamState.EMPTY;
    private volatile StreamStats stats = StreamStats.NONE;

    LiveStream(
            StreamName name,
            Loop home,
            HubSettings settings,
            MemoryBudget budget,
            long startedAtMs,
            Consumer<LiveStream> onEnded) {
        this.name = name;
        this.home = home;
        this.settings = settings;
        this.budget = budget;
        this.startedAtMs = startedAtMs;
        this.onEnded = onEnded;
        this.entries = new StreamLog<>(StreamLog.Holds.ENTRIES, StreamLog.Window.of(settings), budget, entry -> {});
        states.add(new StateChange(0, StreamState.EMPTY));
    }

    public StreamName name() {
        return name;
    }

    public Loop home() {
        return home;
    }

    /// Tracks and metadata as of now.
    public StreamState state() {
        return state;
    }

    public StreamStats stats() {
        return stats;
    }

    /// Wall clock when the stream began, milliseconds since 1970.
    public long startedAtMs() {
        return startedAtMs;
    }

    /// Reads every entry from the newest join point on, on the home loop. `start` gets the state there before the
    /// first entry. Home loop.
    public Cursor<Entry> read(Consumer<StreamState> start, Reader<Entry> reader) {
        long from = entries.joinPoint();
        start.accept(stateAt(from));
        return entries.open(home, from, reader);
    }

    /// Shows the stream to one viewer: finished bytes of a format, from the newest join point on, straight from
    /// the shared log. Any thread; everything about the viewer happens on the loop of its outlet, the end
    /// included.
    public <P> Viewing play(WireFormat<P> format, Outlet outlet, Framing<P> framing) {
        return playAfter(Long.MIN_VALUE, format, outlet, framing);
    }

    /// Like [#play], for a viewer who has seen the stream up to `afterNs` on its timeline: starts at the first join
    /// point behind that, so that no time comes twice. Waits for it where it has not come yet.
    public <P> Viewing playAfter(long afterNs, WireFormat<P> format, Outlet outlet, Framing<P> framing) {
        var viewer = new WireViewer<>(outlet, framing, afterNs);
        home.run(() -> admit(format, viewer));
        return viewer;
    }

    void append(Entry entry, int epoch) {
        switch (entry) {
            case Frame frame -> appendFrame(timeline.place(frame, home.nowNs()));
            case TracksChanged changed ->
                add(new TracksChanged(timeline.placeLoose(changed.timeNs()), changed.tracks(), epoch), false);
            case Metadata data ->
                add(new Metadata(timeline.placeLoose(data.timeNs()), data.name(), data.value()), false);
            case Gap gap -> add(gap, false);
        }
    }

    void end(EndReason why) {
        entries.end(why);
        onEnded.accept(this);
        home.after(settings.stallMaxMs(), this::free);
    }

    private <P> void admit(WireFormat<P> format, WireViewer<P> viewer) {
        try {
            wire(format).admit(viewer);
        } catch (RuntimeException failure) {
            log.error("wire.failed stream={} format={}", name, format.name(), failure);
            viewer.loop().run(viewer::fail);
        }
    }

    /// Finished bytes of a format: made by replay for its first viewer. Home loop.
    @SuppressWarnings("unchecked") // a format of P makes a log of P
    private <P> WireLog<P> wire(WireFormat<P> format) {
        var present = (WireLog<P>) wires.get(format);
        if (present != null) {
            return present;
        }
        var made = new WireLog<>(this, format, settings, budget, this::signalSoon, wires::remove);
        if (!made.closed()) {
            wires.put(format, made);
        }
        return made;
    }

    private void appendFrame(Frame frame) {
        meter.add(frame, home.nowNs());
        stats = meter.stats(timeline);
        add(frame, state.joinsAt(frame));
    }

    @SuppressWarnings("ReferenceEquality") // the same object says that nothing changed
    private void add(Entry entry, boolean join) {
        long seq = entries.append(entry, entry.sizeBytes(), entry.timeNs(), join);
        var next = state.after(entry);
        if (next != state) {
            state = next;
            states.add(new StateChange(seq + 1, next));
        }
        entries.signal(); // packagers are on this loop: they take each entry at once and miss none
        while (states.size() > 1 && second(states).fromSeq() <= entries.head()) {
            states.removeFirst();
        }
    }

    private static StateChange second(Deque<StateChange> states) {
        var all = states.iterator();
        all.next();
        return all.next();
    }

    private StreamState stateAt(long seq) {
        var at = StreamState.EMPTY;
        for (var change : states) {
            if (change.fromSeq() <= seq) {
                at = change.state();
            }
        }
        return at;
    }

    /// Viewers hear of finished bytes once per read batch: the task runs after what the loop is doing now.
    private void signalSoon() {
        if (!signalPosted) {
            signalPosted = true;
            home.execute(() -> {
                signalPosted = false;
                wires.values().forEach(WireLog::signal);
            });
        }
    }

    private void free() {
        entries.clear();
        List.copyOf(wires.values()).forEach(WireLog::close);
    }
}
