package dev.sluice.media.codec.aac;

import dev.sluice.media.Payload;

/// The transport header that some encoders leave in front of AAC frames where only raw frames belong.
///
/// @spec https://www.iso.org/standard/76383.html ISO/IEC 14496-3 §1.A.3.2
public final class Adts {
    private static final int HEADER_BYTES = 7;
    private static final int CRC_BYTES = 2;

    private Adts() {}

    /// The raw frame behind an ADTS header whose length agrees with the payload's and that holds one frame;
    /// otherwise the payload as it is. A raw frame cannot look so: its first element would be the end mark.
    public static Payload strip(Payload frame) {
        if (frame.length() < HEADER_BYTES || !hasSync(frame) || frameBytes(frame) != frame.length()) {
            return frame;
        }
        boolean oneFrame = (frame.get(6) & 3) == 0;
        boolean crc = (frame.get(1) & 1) == 0;
        int header = HEADER_BYTES + (crc ? CRC_BYTES : 0);
        return oneFrame && header <= frame.length() ? frame.part(header, frame.length() - header) : frame;
    }

    /// Twelve ones, then any version, and layer 0.
    private static boolean hasSync(Payload frame) {
        return frame.get(0) == 0xff && (frame.get(1) & 0xf6) == 0xf0;
    }

    private static int frameBytes(Payload frame) {
        return (frame.get(3) & 3) << 11 | frame.get(4) << 3 | frame.get(5) >> 5;
    }
}
