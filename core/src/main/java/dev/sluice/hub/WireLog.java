package dev.sluice.hub;

import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.Gap;
import dev.sluice.media.Metadata;
import dev.sluice.media.TracksChanged;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The finished bytes of one stream in one format: made once, by replay of the retained entries for the first
/// viewer and then as entries arrive; read by every viewer from its own position. Freed when nobody watches for a
/// while. Owned by the stream's home loop.
final class WireLog<P> implements Reader<Entry>, AutoCloseable {
    private final Loop home;
    private final WireWriter<P> writer;
    private final Packager<P> packager;
    private final WireFormat<P> format;
    private final HubShared shared;
    private final FanoutSettings fanout;
    private final int idleMs;
    private final Runnable signalSoon;
    /// One for all viewers. Any thread.
    private final Runnable viewerGone;
    private final Consumer<WireFormat<P>> onClosed;
    /// Each owned by its loop.
    private final Map<Loop, WireRuns<P>> runs = new ConcurrentHashMap<>();
    private @Nullable Cursor<Entry> entries;
    private StreamState state = StreamState.EMPTY;
    private int viewers;
    private Loop.@Nullable Cancellable idle;
    private boolean closed;

    WireLog(
            LiveStream stream,
            WireFormat<P> format,
            HubShared shared,
            FanoutSettings fanout,
            Runnable signalSoon,
            Consumer<WireFormat<P>> onClosed) {
        this.home = stream.home();
        this.format = format;
        this.idleMs = shared.settings().wireIdleMs();
        this.signalSoon = signalSoon;
        this.viewerGone = () -> home.run(this::onViewerGone);
        this.onClosed = onClosed;
        this.writer = new WireWriter<>(home, shared, this::runsOf);
        this.shared = shared;
        this.fanout = fanout;
        this.packager = format.packager(writer);
        this.entries = stream.read(this::start, this);
    }

    /// Gives a viewer the log; he opens his cursor on his own loop. Home loop.
    void admit(WireViewer<P> viewer) {
        viewers++;
        if (idle != null) {
            idle.cancel();
            idle = null;
        }
        var loop = viewer.loop();
        loop.run(() -> viewer.start(writer.log(), runsOf(loop), viewerGone));
    }

    /// Any thread.
    private WireRuns<P> runsOf(Loop loop) {
        return runs.computeIfAbsent(loop, l -> new WireRuns<>(writer.log(), fanout, shared.loadOf(l)));
    }

    private void start(StreamState at) {
        state = at;
        packager.state(at);
    }

    @Override
    public void take(Cursor<Entry> cursor) {
        for (var entry = cursor.peek(); entry != null; entry = cursor.peek()) {
            onEntry(entry);
            cursor.advance();
        }
        signalSoon.run();
    }

    /// Wakes the viewers. Home loop.
    void signal() {
        writer.log().signal();
    }

    @SuppressWarnings("ReferenceEquality") // the same object says that nothing changed
    private void onEntry(Entry entry) {
        var next = state.after(entry);
        if (next != state) {
            state = next;
            packager.state(next);
            return;
        }
        switch (entry) {
            case Frame frame -> packager.frame(frame, state.joinsAt(frame));
            case Metadata data -> packager.data(data);
            case TracksChanged changed -> {}
            case Gap gap -> packager.gap();
        }
    }

    @Override
    public void onEnd(EndReason why) {
        writer.log().end(why);
        if (why == EndReason.SUBSCRIBER_FAILED) {
            close(); // the next viewer gets a new one
        }
    }

    boolean closed() {
        return closed;
    }

    private void onViewerGone() {
        viewers--;
        if (viewers == 0 && !closed) {
            idle = home.after(idleMs, this::close);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (entries != null) {
                entries.close();
            }
            writer.log().end(EndReason.PUBLISHER_LEFT);
            writer.close();
            onClosed.accept(format);
        }
    }
}
