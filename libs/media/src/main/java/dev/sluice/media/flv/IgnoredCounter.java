package dev.sluice.media.flv;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Optional;

/// Counts the ignored messages of one publication, and keeps the latest sentence on what is not supported.
final class IgnoredCounter {
    private final EnumMap<Ignored, Long> counts = new EnumMap<>(Ignored.class);
    private Optional<String> unsupported = Optional.empty();

    void count(Ignored reason) {
        counts.merge(reason, 1L, Long::sum);
    }

    void unsupported(String sentence) {
        count(Ignored.UNSUPPORTED);
        unsupported = Optional.of(sentence);
    }

    Optional<String> unsupported() {
        return unsupported;
    }

    FlvDemuxer.Stats stats() {
        return new FlvDemuxer.Stats(Collections.unmodifiableMap(new EnumMap<>(counts)));
    }
}
