package dev.sluice.hub;

/// The times in which nobody fed a stream and that are over.
///
/// @param totalNs from the last frame before to the first frame after, summed up
public record Gaps(long count, long totalNs) {
    public static final Gaps NONE = new Gaps(0, 0);

    Gaps with(long gapNs) {
        return new Gaps(count + 1, totalNs + gapNs);
    }
}
