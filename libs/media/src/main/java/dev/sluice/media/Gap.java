package dev.sluice.media;

/// Nothing was received between two times.
///
/// @param timeNs start of the gap on the timeline, nanoseconds
/// @param toNs end of the gap, nanoseconds
/// @param reason one readable word or sentence
public record Gap(long timeNs, long toNs, String reason) implements Entry {
    @Override
    public int sizeBytes() {
        return 64;
    }
}
