package dev.sluice.hub;

import dev.sluice.media.Entry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// One publisher's turn at feeding a live stream. Used on the publisher's loop; what it writes is handed over to the
/// stream's home loop, in order, where that is another.
public final class Publication {
    /// What may wait to be handed over. More means that the home loop does not keep up at all.
    private static final long MAX_PENDING_BYTES = 16L << 20;

    private final LiveStream stream;
    private final int epoch;
    private final Claim claim;
    private final RateMeter meter = new RateMeter();
    private final Queue<Entry> pending = new ConcurrentLinkedQueue<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicBoolean posted = new AtomicBoolean();
    private boolean open = true;
    private volatile StreamStats stats = StreamStats.NONE;
    private volatile Map<Repair, Long> repairsBefore = Map.of();

    Publication(LiveStream stream, int epoch, Claim claim) {
        this.stream = stream;
        this.epoch = epoch;
        this.claim = claim;
    }

    public LiveStream stream() {
        return stream;
    }

    /// Grows by one with each publication of a stream.
    public int epoch() {
        return epoch;
    }

    /// What came of this publication so far and was used. Any thread.
    public StreamStats stats() {
        return stats;
    }

    /// How often each rule of the timeline was needed for this publication; rules that were not are absent. Any thread.
    public Map<Repair, Long> repairs() {
        var before = repairsBefore;
        var mine = new EnumMap<Repair, Long>(Repair.class);
        stats.repairs().forEach((repair, times) -> {
            long more = times - repair.in(before);
            if (more > 0) {
                mine.put(repair, more);
            }
        });
        return mine;
    }

    /// Appends an entry with the publisher's own times. After [#close], and after another publication took over, it is
    /// ignored.
    public void write(Entry entry) {
        if (!open) {
            return;
        }
        if (stream.home().inLoop()) {
            stream.publishers().write(this, entry);
        } else if (pendingBytes.get() <= MAX_PENDING_BYTES) {
            pendingBytes.addAndGet(entry.sizeBytes());
            pending.add(entry);
            if (posted.compareAndSet(false, true)) {
                stream.home().execute(this::drain);
            }
        }
    }

    /// Ends the publication. The stream may wait for the next. The first call counts.
    ///
    /// @param why [EndReason#CLIENT_DONE] for a goodbye
    public void close(EndReason why) {
        if (open) {
            open = false;
            stream.home().run(() -> {
                drain();
                stream.publishers().close(this, why);
            });
        }
    }

    Claim claim() {
        return claim;
    }

    /// Home loop.
    RateMeter meter() {
        return meter;
    }

    /// Home loop.
    void stats(StreamStats now) {
        stats = now;
    }

    /// What was repaired before it began to feed the stream. Home loop.
    void repairsBefore(Map<Repair, Long> repairs) {
        repairsBefore = repairs;
    }

    private void drain() {
        posted.set(false);
        for (var entry = pending.poll(); entry != null; entry = pending.poll()) {
            pendingBytes.addAndGet(-entry.sizeBytes());
            stream.publishers().write(this, entry);
        }
    }
}
