package dev.sluice.hub;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How often each rule was needed. Owned by the stream's home loop.
final class RepairCounts {
    private final EnumMap<Repair, Long> counts = new EnumMap<>(Repair.class);
    private Map<Repair, Long> snapshot = Map.of();
    private boolean changed;

    void add(Repair repair) {
        counts.merge(repair, 1L, Long::sum);
        changed = true;
    }

    /// The counts now, for any thread: a map that never changes, and the same one while nothing is repaired.
    Map<Repair, Long> snapshot() {
        if (changed) {
            snapshot = Collections.unmodifiableMap(new EnumMap<>(counts));
            changed = false;
        }
        return snapshot;
    }
}
