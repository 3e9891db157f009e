package dev.sluice.hub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// What all streams of a hub share. Any thread.
///
/// @param wallClockMs milliseconds since 1970
/// @param loads how busy each loop is with sending; each is owned by its loop
record HubShared(HubSettings settings, MemoryBudget budget, LongSupplier wallClockMs, Map<Loop, LoopLoad> loads) {
    HubShared(HubSettings settings, LongSupplier wallClockMs) {
        this(settings, new MemoryBudget(settings.effectiveMemoryMaxBytes()), wallClockMs, new ConcurrentHashMap<>());
    }

    LoopLoad loadOf(Loop loop) {
        return loads.computeIfAbsent(loop, any -> new LoopLoad());
    }
}
