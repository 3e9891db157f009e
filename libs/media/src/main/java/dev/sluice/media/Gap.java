package dev.sluice.media;

/// Nothing was received between two times, or nothing is being received.
///
/// @param timeNs start of the gap on the timeline, nanoseconds
/// @param toNs end of the gap, nanoseconds; [#OPEN] where it is not known yet: the next frame ends it
/// @param reason one readable word or sentence
public record Gap(long timeNs, long toNs, String reason) implements Entry {
    public static final long OPEN = Long.MAX_VALUE;

    /// A gap that has begun, such as when a publisher was lost that may come back.
    public static Gap open(long timeNs, String reason) {
        return new Gap(timeNs, OPEN, reason);
    }

    public boolean isOpen() {
        return toNs == OPEN;
    }

    @Override
    public int sizeBytes() {
        return 64;
    }
}
