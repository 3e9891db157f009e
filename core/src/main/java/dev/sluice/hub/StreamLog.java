package dev.sluice.hub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One writer, many readers. The writer appends on its home loop; a reader is a cursor, a position without a
/// queue, on a loop of its own. The log keeps a bounded tail and never waits: whoever falls out of it jumps to a
/// join point.
///
/// How threads share it: an item is published by storing its slot in the ring and then moving `tail` (both
/// volatile), so a reader that sees a tail sees every slot before it. Eviction overwrites or clears slots; a
/// reader finds out because the slot's number is not the one it asked for. Nobody ever locks.
///
/// It is used twice: for the entries of a stream (read by packagers), and for finished bytes (read by viewers).
public final class StreamLog<E> {
    private static final int FIRST_CAPACITY = 256;

    /// What an item costs beside its bytes: its objects and its slot. Without it, a publisher of millions
    /// of empty items would have an endless window.
    private static final int ITEM_OVERHEAD_BYTES = 200;

    /// What is kept: at least the newest GOP and what came within the last `lagMaxMs`, at most `maxBytes`, and `maxMs`
    /// of media that came before. So a burst after a stall is lost to nobody, however much media it is.
    record Window(long maxBytes, long maxNs, long lagNs, long lagBytes, long stallNs) {
        static Window of(HubSettings settings) {
            return new Window(
                    settings.windowMaxBytes(),
                    settings.windowMaxMs() * 1_000_000L,
                    settings.lagMaxMs() * 1_000_000L,
                    settings.lagMaxBytes(),
                    settings.stallMaxMs() * 1_000_000L);
        }
    }

    /// What the items are.
    enum Holds {
        /// Entries on the heap: they count for the budget here. Readers are packagers, which must see every one.
        ENTRIES,
        /// Records of bytes that lie in slabs, which count for the budget themselves; here counts the
        /// record. Readers are viewers, who jump ahead when they are too late.
        BYTES
    }

    /// @param sizeBytes with [#ITEM_OVERHEAD_BYTES]
    /// @param timeNs on the stream's timeline
    /// @param cameNs when it was appended, on the loops' clock
    /// @param bytesBefore sum of the sizes of all items ever appended before this one
    record Slot<E>(long seq, E item, int sizeBytes, long timeNs, long cameNs, long bytesBefore) {}

    private final Window window;
    private final MemoryBudget budget;
    private final Consumer<E> onEvicted;
    private final Holds holds;
    private final Loop home;
    private final Function<Loop, SendWindow> windows;

    // written on the home loop, read by every reader
    private volatile AtomicReferenceArray<@Nullable Slot<E>> ring = new AtomicReferenceArray<>(FIRST_CAPACITY);
    private volatile long tail;
    private volatile long head;
    private volatile long newestJoin = -1;
    private volatile long newestStart = -1;
    private volatile long bytesAppended;
    private volatile @Nullable EndReason ended;

    private final Map<Loop, LoopFan<E>> fans = new ConcurrentHashMap<>();

    /// A log whose readers hear of each item at once.
    StreamLog(Holds holds, Loop home, Window window, MemoryBudget budget, Consumer<E> onEvicted) {
        this(holds, home, window, any -> SendWindow.NONE, budget, onEvicted);
    }

    /// @param windows how long readers of a loop wait for more
    StreamLog(
            Holds holds,
            Loop home,
            Window window,
            Function<Loop, SendWindow> windows,
            MemoryBudget budget,
            Consumer<E> onEvicted) {
        this.holds = holds;
        this.home = home;
        this.window = window;
        this.windows = windows;
        this.budget = budget;
        this.onEvicted = onEvicted;
    }

    /// Appends one item. Home loop. Readers hear of it with the next [#signal()].
    ///
    /// @param join whether a newcomer may start here
    /// @return its position
    long append(E item, int sizeBytes, long timeNs, boolean join) {
        long seq = tail;
        int cost = sizeBytes + ITEM_OVERHEAD_BYTES;
        budget.add(budgetBytes(cost));
        if (join) {
            if (newestJoin < seq - 1) {
                newestStart = seq;
            }
            newestJoin = seq; // before anything is evicted, so that who falls now falls to it and not in between
        }
        long nowNs = home.nowNs();
        evictFor(cost, timeNs, nowNs, newestJoin);
        if (seq - head >= ring.length()) {
            grow();
        }
        long bytesBefore = bytesAppended;
        ring.set(index(seq), new Slot<>(seq, item, cost, timeNs, nowNs, bytesBefore));
        bytesAppended = bytesBefore + cost;
        tail = seq + 1;
        return seq;
    }

    /// Wakes the readers: one task per loop that has any, none for a loop that has one waiting already. Home
    /// loop, whose own readers come last: they are served here and now, and meanwhile the other loops serve theirs.
    void signal() {
        for (var fan : fans.values()) {
            if (!fan.loop().equals(home)) {
                fan.wake();
            }
        }
        var own = fans.get(home);
        if (own != null) {
            own.wake();
        }
    }

    /// No item comes any more. Readers take the rest, then end. Home loop.
    void end(EndReason why) {
        if (ended == null) {
            ended = why;
            signal();
        }
    }

    /// Frees everything; readers that are still behind find nothing left. Home loop.
    void clear() {
        evictWhile(seq -> true);
    }

    /// Opens a cursor at `from`. Called on `loop`; the reader's first [Reader#take] happens before this returns.
    public Cursor<E> open(Loop loop, long from, Reader<E> reader) {
        var fan = fans.computeIfAbsent(loop, l -> new LoopFan<>(this, l, windows.apply(l)));
        return fan.add(from, reader);
    }

    /// The position after the newest item.
    public long tail() {
        return tail;
    }

    /// The position of the oldest item that is kept.
    public long head() {
        return head;
    }

    /// Where a newcomer starts: the newest key frame; the oldest item if the GOP outgrew the window.
    public long joinPoint() {
        return Math.max(newestJoin, head);
    }

    long newestJoin() {
        return newestJoin;
    }

    /// The newest join point for which somebody may have waited: not the one that follows another at once, as all do
    /// in a stream of sound.
    long newestStart() {
        return newestStart;
    }

    @Nullable
    EndReason ended() {
        return ended;
    }

    Window window() {
        return window;
    }

    /// The slot at a position, or null when it is not there: evicted, or not appended yet.
    @Nullable
    Slot<E> slot(long seq) {
        if (seq >= tail || seq < head) {
            return null;
        }
        var slots = ring;
        var slot = slots.get((int) (seq & (slots.length() - 1)));
        return slot != null && slot.seq == seq ? slot : null;
    }

    /// Whether a reader at this position is so late that it should jump to a newer join point. It counts for how long
    /// he could have taken what is there, and not how much media it is: after a stall, seconds of it come at once.
    boolean tooLate(long seq, long nowNs) {
        if (holds == Holds.ENTRIES) {
            return false;
        }
        var at = slot(seq);
        if (at == null) {
            return true;
        }
        long waitedNs = nowNs - at.cameNs;
        boolean much = bytesAppended - at.bytesBefore > window.lagBytes;
        return waitedNs > window.lagNs || much && waitedNs > window.lagNs / 2;
    }

    /// How far a reader at this position is behind. Any thread.
    Lag lagAt(long seq) {
        var oldest = slot(Math.max(seq, head));
        var newest = slot(tail - 1);
        if (oldest == null || newest == null || newest.seq < oldest.seq) {
            return Lag.NONE;
        }
        long items = newest.seq - oldest.seq + 1;
        long bytes = newest.bytesBefore + newest.sizeBytes - oldest.bytesBefore - items * ITEM_OVERHEAD_BYTES;
        return new Lag(bytes, Math.max(0, home.nowNs() - oldest.cameNs));
    }

    void forget(LoopFan<E> fan) {
        fans.remove(fan.loop(), fan);
    }

    private int budgetBytes(int cost) {
        return switch (holds) {
            case ENTRIES -> cost;
            case BYTES -> ITEM_OVERHEAD_BYTES;
        };
    }

    private int index(long seq) {
        return (int) (seq & (ring.length() - 1));
    }

    private void grow() {
        var old = ring;
        var bigger = new AtomicReferenceArray<@Nullable Slot<E>>(old.length() * 2);
        for (long seq = head; seq < tail; seq++) {
            bigger.set((int) (seq & (bigger.length() - 1)), old.get((int) (seq & (old.length() - 1))));
        }
        ring = bigger;
    }

    /// Evicts what the window does not have to keep once an item of this size and time is in it.
    private void evictFor(int sizeBytes, long timeNs, long nowNs, long join) {
        evictWhile(seq -> {
            var oldest = slot(seq);
            if (oldest == null) {
                return true;
            }
            boolean isNew = nowNs - oldest.cameNs <= window.lagNs;
            boolean needed = isNew || seq >= join && timeNs - oldest.timeNs <= window.maxNs;
            boolean fits = bytesAppended - oldest.bytesBefore + sizeBytes <= window.maxBytes;
            return !needed || !fits || budget.exceeded();
        });
    }

    private void evictWhile(java.util.function.LongPredicate gone) {
        long seq = head;
        while (seq < tail && gone.test(seq)) {
            var slot = ring.getAndSet(index(seq), null);
            head = ++seq;
            if (slot != null) {
                budget.remove(budgetBytes(slot.sizeBytes));
                onEvicted.accept(slot.item);
            }
        }
    }
}
