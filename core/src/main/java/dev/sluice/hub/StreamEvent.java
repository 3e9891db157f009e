package dev.sluice.hub;

import java.util.Locale;

/// Something that happened to a stream.
///
/// @param atMs wall clock, milliseconds since 1970
/// @param text a sentence for the operator, without addresses or keys
public record StreamEvent(long atMs, Kind kind, String text) {
    /// What it was.
    public enum Kind {
        /// The first publisher came.
        PUBLISHED,
        /// The publisher is gone; the stream waits for the next.
        WAITING,
        /// A publisher came while the stream waited.
        RESUMED,
        /// A publisher took the stream over from another that was connected still.
        TAKEN_OVER,
        /// Somebody who may publish the stream was refused, because another does.
        REFUSED,
        /// Tracks came, went or changed while the stream was live.
        TRACKS_CHANGED,
        /// It is over.
        ENDED;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
