package dev.sluice.hub;

import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.Gap;
import dev.sluice.media.Metadata;
import dev.sluice.media.TracksChanged;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One live stream: an identity with a timeline. A log of entries, what a newcomer must know, and the finished bytes of
/// each format that somebody watches; publications come and go ([Publishers]). It lives on one home loop, fixed when it
/// is created; everything that changes it happens there. What tells about it ([#state], [#stats] and so on) and [#play]
/// may be used from any thread.
public final class LiveStream {
    private static final Logger log = LoggerFactory.getLogger(LiveStream.class);

    private static final int MAX_EVENTS = 50;

    private record StateChange(long fromSeq, StreamState state) {}

    private final StreamName name;
    private final Loop home;
    private final HubShared shared;
    private final FanoutSettings fanout;
    private final Consumer<LiveStream> onEnded;
    private final long startedAtMs;
    private final Publishers publishers;

    private final StreamLog<Entry> entries;
    private final Timeline timeline = new Timeline();
    private final Deque<StateChange> states = new ArrayDeque<>();
    private final Map<WireFormat<?>, WireLog<?>> wires = new HashMap<>();
    private boolean signalPosted;
    private volatile StreamState state = StreamState.EMPTY;
    private volatile StreamStats stats = StreamStats.NONE;
    private volatile long arrivedNs;
    private volatile boolean waiting;
    private volatile Gaps gaps = Gaps.NONE;
    private volatile List<StreamEvent> events = List.of();

    LiveStream(StreamName name, Loop home, StreamSettings settings, HubShared shared, Consumer<LiveStream> onEnded) {
        this.name = name;
        this.home = home;
        this.shared = shared;
        this.fanout = settings.fanout();
        this.startedAtMs = shared.wallClockMs().getAsLong();
        this.arrivedNs = home.nowNs();
        this.onEnded = onEnded;
        this.publishers = new Publishers(this, settings.continuity());
        this.entries = new StreamLog<>(
                StreamLog.Holds.ENTRIES, home, StreamLog.Window.of(shared.settings()), shared.budget(), entry -> {});
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
        return silentNs() < RateMeter.SPAN_NS ? stats : stats.paused();
    }

    /// For how long no frame has come; since the stream began, where none came yet.
    public long silentNs() {
        return Math.max(0, home.nowNs() - arrivedNs);
    }

    /// Whether nobody feeds the stream at the moment.
    public boolean waiting() {
        return waiting;
    }

    public Gaps gaps() {
        return gaps;
    }

    /// What happened to the stream lately, oldest first.
    public List<StreamEvent> events() {
        return events;
    }

    /// Wall clock when the stream began, milliseconds since 1970.
    public long startedAtMs() {
        return startedAtMs;
    }

    /// Reads every entry from the newest join point on, on the home loop. `start` gets the state there before the
    /// first entry. Home loop.
    public Cursor<Entry> read(Consumer<StreamState> start, Reader<Entry> reader) {
        return readFrom(entries.joinPoint(), start, reader);
    }

    /// The same from the oldest entry that is kept, which need not be a join point.
    public Cursor<Entry> readAll(Consumer<StreamState> start, Reader<Entry> reader) {
        return readFrom(entries.head(), start, reader);
    }

    private Cursor<Entry> readFrom(long from, Consumer<StreamState> start, Reader<Entry> reader) {
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

    /// Home loop, like everything below.
    Publishers publishers() {
        return publishers;
    }

    /// A first publication begins to feed the stream.
    void begin() {
        timeline.begin(home.nowNs());
    }

    /// From this frame on another publication feeds the stream. What it said before stands at the time of the frame, so
    /// that whoever waits for the frame finds nothing old in front of it.
    ///
    /// @param known what it said before
    void begin(Publication publication, StreamState known, Frame first) {
        if (waiting) {
            gaps = gaps.with(silentNs());
            waiting = false;
        }
        publication.repairsBefore(timeline.repairs());
        timeline.begin(home.nowNs());
        var placed = timeline.place(first, home.nowNs());
        if (!known.tracks().isEmpty()) {
            change(new TracksChanged(placed.dtsNs(), known.tracks(), publication.epoch()));
        }
        known.metadata()
                .filter(state::isNews)
                .ifPresent(data -> add(new Metadata(placed.dtsNs(), data.name(), data.value()), false));
        appendFrame(placed, publication);
    }

    void append(Entry entry, Publication from) {
        switch (entry) {
            case Frame frame -> appendFrame(timeline.place(frame, home.nowNs()), from);
            case TracksChanged changed ->
                change(new TracksChanged(timeline.placeLoose(changed.timeNs()), changed.tracks(), from.epoch()));
            case Metadata data ->
                add(new Metadata(timeline.placeLoose(data.timeNs()), data.name(), data.value()), false);
            case Gap gap -> add(gap, false);
        }
    }

    /// Nobody feeds the stream for now.
    ///
    /// @param atMostMs how long it will wait
    void pause(EndReason why, int atMostMs) {
        waiting = true;
        stats = stats.paused();
        add(Gap.open(timeline.newestNs(), why.label()), false);
        happened(
                StreamEvent.Kind.WAITING,
                "The publisher is gone (%s); waiting for the next, %d ms at most.".formatted(why.label(), atMostMs));
    }

    boolean hasMedia() {
        return entries.tail() > 0 && stats.frames() > 0;
    }

    boolean hasEnded() {
        return entries.ended() != null;
    }

    /// When the last frame came, on the home loop's clock.
    long lastArrivalNs() {
        return timeline.lastArrivalNs();
    }

    void happened(StreamEvent.Kind kind, String text) {
        log.info("stream.{} stream={} \"{}\"", kind.label(), name, text);
        var longer = new ArrayList<>(events);
        longer.add(new StreamEvent(shared.wallClockMs().getAsLong(), kind, text));
        events = List.copyOf(longer.subList(Math.max(0, longer.size() - MAX_EVENTS), longer.size()));
    }

    void end(EndReason why) {
        happened(StreamEvent.Kind.ENDED, "Ended (" + why.label() + ").");
        entries.end(why);
        onEnded.accept(this);
        home.after(shared.settings().stallMaxMs(), this::free);
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
        var made = new WireLog<>(this, format, shared, fanout, this::signalSoon, wires::remove);
        if (!made.closed()) {
            wires.put(format, made);
        }
        return made;
    }

    private void appendFrame(Frame frame, Publication from) {
        arrivedNs = home.nowNs();
        from.meter().add(frame, arrivedNs);
        stats = from.meter().stats(timeline);
        from.stats(stats);
        add(frame, state.joinsAt(frame));
    }

    private void change(TracksChanged changed) {
        boolean later = hasMedia() && !changed.tracks().equals(state.tracks());
        add(changed, false);
        if (later) {
            var labels = changed.tracks().stream().map(track -> track.codec().label());
            happened(StreamEvent.Kind.TRACKS_CHANGED, "Tracks: " + labels.collect(Collectors.joining(", ")) + ".");
        }
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
