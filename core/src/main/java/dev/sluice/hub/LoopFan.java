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
    private static final long HALF_MS_NS = 500_000L;
    /// So many readers' objects are fetched from memory at once: more fall out of the processor's first cache again.
    private static final int AHEAD = 8;

    private final StreamLog<E> streamLog;
    private final Loop loop;
    private final SendWindow window;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final List<Cursor<E>> cursors = new ArrayList<>();
    private boolean serving;
    private boolean checking;
    /// A timer waits for the end of the window.
    private volatile boolean timed;

    private final Served served = new Served();
    /// Says nothing; it keeps the compiler from leaving out [#touch].
    private long touched;

    /// How things were when all readers were served last.
    private static final class Served {
        long atNs;
        volatile long start = -1;
        /// Then or since then a reader did not take all there was.
        boolean leftSome;
    }

    LoopFan(StreamLog<E> streamLog, Loop loop, SendWindow window) {
        this.streamLog = streamLog;
        this.loop = loop;
        this.window = window;
        this.served.atNs = loop.nowNs();
    }

    Loop loop() {
        return loop;
    }

    /// Any thread. The readers are served when the window is over, or at once for a start that newcomers wait for and
    /// for the end. A loop that waits for the end of the window is not woken for more frames: whoever appended one
    /// sees the timer, or what the timer starts sees the frame.
    void wake() {
        if (timed && !urgent()) {
            return;
        }
        if (loop.inLoop()) {
            serveWhenDue();
        } else if (awake.compareAndSet(false, true)) {
            loop.execute(() -> {
                awake.set(false);
                serveWhenDue();
            });
        }
    }

    private void serveWhenDue() {
        long windowNs = window.ns();
        if (windowNs == 0 || urgent()) {
            serveAll();
            return;
        }
        long leftNs = served.atNs + windowNs - loop.nowNs();
        if (leftNs < HALF_MS_NS) {
            serveAll();
        } else if (!timed) {
            timed = true;
            loop.after((leftNs + HALF_MS_NS) / (2 * HALF_MS_NS), () -> {
                timed = false;
                serveWhenDue(); // a start or the end may have begun a new window meanwhile
            });
        }
    }

    private boolean urgent() {
        return streamLog.newestStart() > served.start || streamLog.ended() != null;
    }

    Cursor<E> add(long from, Reader<E> reader) {
        var cursor = new Cursor<>(this, streamLog, from, reader);
        cursors.add(cursor);
        checkLater();
        serve(cursor); // his first bytes wait for no window
        return cursor;
    }

    void remove(Cursor<E> cursor) {
        if (!serving) {
            cursors.remove(cursor);
            forgetIfEmpty();
        }
    }

    void serve(Cursor<E> cursor) {
        serve(cursor, loop.nowNs());
    }

    /// @return how many items the reader took
    private long serve(Cursor<E> cursor, long nowNs) {
        if (cursor.closed()) {
            return 0;
        }
        try {
            long taken = cursor.serve(nowNs);
            boolean atTail = cursor.atTail();
            served.leftSome |= !atTail;
            var ended = streamLog.ended();
            if (ended != null && atTail) {
                detach(cursor, ended);
            }
            return taken;
        } catch (RuntimeException failure) {
            log.error("reader.failed", failure);
            detach(cursor, EndReason.SUBSCRIBER_FAILED);
            return 0;
        }
    }

    private void serveAll() {
        if (serving) {
            return;
        }
        serving = true;
        served.atNs = loop.nowNs();
        served.start = streamLog.newestStart();
        served.leftSome = false;
        try {
            serveEach(served.atNs);
        } finally {
            serving = false;
        }
        cursors.removeIf(Cursor::closed);
        forgetIfEmpty();
    }

    private void serveEach(long nowNs) {
        long items = 0;
        long readers = 0;
        // by index: a reader may close itself or another, which is swept afterwards
        for (int i = 0; i < cursors.size(); i++) {
            if (i % AHEAD == 0) {
                touched += touch(i, Math.min(i + AHEAD, cursors.size()));
            }
            long taken = serve(cursors.get(i), nowNs);
            items += taken;
            readers += taken > 0 ? 1 : 0;
        }
        long endNs = loop.nowNs();
        window.sent(items, readers, endNs - nowNs, endNs);
    }

    /// Reads what serving these readers will read. What belongs to a reader was last used a frame ago and is in no
    /// cache any more, one object leads to the next, and between two readers there is a system call: so each would
    /// wait for memory several times. Here the waits of all of them overlap.
    private long touch(int from, int until) {
        long sum = 0;
        for (int i = from; i < until; i++) {
            sum += cursors.get(i).touch();
        }
        return sum;
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
            if (served.leftSome) {
                endStalled();
            }
            if (!cursors.isEmpty()) {
                checkLater();
            }
        });
    }

    /// Serves nobody: that would end a window early, and those who have all there is would cost something.
    private void endStalled() {
        long nowNs = loop.nowNs();
        for (var cursor : List.copyOf(cursors)) {
            if (cursor.stalled(nowNs, streamLog.window().stallNs())) {
                detach(cursor, EndReason.STALLED);
            }
        }
    }

    private void forgetIfEmpty() {
        if (cursors.isEmpty()) {
            streamLog.forget(this);
        }
    }
}
