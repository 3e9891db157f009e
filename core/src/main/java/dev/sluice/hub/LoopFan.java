package dev.sluice.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The readers of one log on one loop. The writer wakes the loop once, however many readers it has.
/// Owned by its loop; only [#wake()] comes from elsewhere.
final class LoopFan<E> {
    private static final Logger log = LoggerFactory.getLogger(LoopFan.class);
    private static final int CHECK_EVERY_MS = 500;

    private final StreamLog<E> streamLog;
    private final Loop loop;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final List<Cursor<E>> cursors = new ArrayList<>();
    private boolean serving;
    private boolean checking;

    LoopFan(StreamLog<E> streamLog, Loop loop) {
        this.streamLog = streamLog;
        this.loop = loop;
    }

    Loop loop() {
        return loop;
    }

    /// Any thread. On the loop itself the readers are served at once.
    void wake() {
        if (loop.inLoop()) {
            serveAll();
        } else if (awake.compareAndSet(false, true)) {
            loop.execute(() -> {
                awake.set(false);
                serveAll();
            });
        }
    }

    Cursor<E> add(long from, Reader<E> reader) {
        var cursor = new Cursor<>(this, streamLog, from, reader);
        cursors.add(cursor);
        checkLater();
        serve(cursor);
        return cursor;
    }

    void remove(Cursor<E> cursor) {
        if (!serving) {
            cursors.remove(cursor);
            forgetIfEmpty();
        }
    }

    void serve(Cursor<E> cursor) {
        if (cursor.closed()) {
            return;
        }
        try {
            cursor.serve(loop.nowNs());
            var ended = streamLog.ended();
            if (ended != null && cursor.atTail()) {
                detach(cursor, ended);
            }
        } catch (RuntimeException failure) {
            log.error("reader.failed", failure);
            detach(cursor, EndReason.SUBSCRIBER_FAILED);
        }
    }

    private void serveAll() {
        if (serving) {
            return;
        }
        serving = true;
        try {
            // by index: a reader may close itself or another, which is swept below
            for (int i = 0; i < cursors.size(); i++) {
                serve(cursors.get(i));
            }
        } finally {
            serving = false;
        }
        cursors.removeIf(Cursor::closed);
        forgetIfEmpty();
    }

    /// A reader that fails even at its end takes nobody with it.
    private void detach(Cursor<E> cursor, EndReason why) {
        try {
            cursor.end(why);
        } catch (RuntimeException failure) {
            log.error("reader.end.failed reason={}", why.label(), failure);
        }
        remove(cursor);
    }

    /// Looks after readers that take nothing. Runs only while there are readers.
    private void checkLater() {
        if (checking) {
            return;
        }
        checking = true;
        loop.after(CHECK_EVERY_MS, () -> {
            checking = false;
            serveAll();
            long nowNs = loop.nowNs();
            for (var cursor : List.copyOf(cursors)) {
                if (cursor.stalled(nowNs, streamLog.window().stallNs())) {
                    detach(cursor, EndReason.STALLED);
                }
            }
            if (!cursors.isEmpty()) {
                checkLater();
            }
        });
    }

    private void forgetIfEmpty() {
        if (cursors.isEmpty()) {
            streamLog.forget(this);
        }
    }
}
