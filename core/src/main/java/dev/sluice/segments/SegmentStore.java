package dev.sluice.segments;

import dev.sluice.media.Payload;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Finished bytes with a name: in memory, on disk or elsewhere. Any thread. Writes of one stream complete in the
/// order in which they were begun.
public interface SegmentStore {
    CompletionStage<Void> put(String path, Payload bytes);

    CompletionStage<Optional<Payload>> get(String path);

    /// Forgets it; what is not there is no error.
    void delete(String path);

    /// Whether it holds more than it should: then each stream gives up its oldest segments.
    boolean full();
}
