package dev.sluice.plugin.rtmp;

/// The times of the last messages on the two chunk streams, before a record: what its time difference counts
/// from. Kept in the 64 bits that a record has for its format, as the low 32 bits of each.
record LaneTimes(int audioLow, int videoLow) {
    static long mark(long audioMs, long videoMs) {
        return (audioMs << 32) | (videoMs & 0xffff_ffffL);
    }

    static LaneTimes of(long mark) {
        return new LaneTimes((int) (mark >>> 32), (int) mark);
    }

    /// @param nearMs a time less than 24 days away, such as that of the record, milliseconds
    long audioMs(long nearMs) {
        return nearMs + (audioLow - (int) nearMs);
    }

    /// @param nearMs a time less than 24 days away, such as that of the record, milliseconds
    long videoMs(long nearMs) {
        return nearMs + (videoLow - (int) nearMs);
    }
}
