package dev.sluice.media.codec.flac;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;
import java.nio.charset.StandardCharsets;

/// The decoder configuration of a FLAC track. Two are equal when their STREAMINFO bytes are.
///
/// @param streamInfo the 34 bytes of STREAMINFO, without the header of its metadata block
/// @param sampleRate in Hz, 1 to 655350
/// @param channels 1 to 8
/// @param bitsPerSample 4 to 32
/// @param blockSamples samples per frame where all frames have as many; 0 otherwise
/// @spec https://www.rfc-editor.org/rfc/rfc9639 RFC 9639 §8.2
public record FlacConfig(Payload streamInfo, int sampleRate, int channels, int bitsPerSample, int blockSamples)
        implements AudioConfig {
    private static final int STREAMINFO_BYTES = 34;
    private static final int BLOCK_HEADER_BYTES = 4;
    private static final Payload MARKER = Payload.of("fLaC".getBytes(StandardCharsets.US_ASCII));

    /// Reads STREAMINFO: bare as most encoders send it, behind the header of its metadata block, or behind the
    /// stream marker and that header.
    ///
    /// @throws Malformed when it is none of these
    public static FlacConfig parse(Payload bytes) {
        int from = 0;
        if (bytes.length() >= MARKER.length() && bytes.part(0, MARKER.length()).equals(MARKER)) {
            from = MARKER.length() + BLOCK_HEADER_BYTES;
        } else if (bytes.length() == BLOCK_HEADER_BYTES + STREAMINFO_BYTES) {
            from = BLOCK_HEADER_BYTES;
        }
        if (bytes.length() - from < STREAMINFO_BYTES) {
            throw Malformed.frame("FLAC configuration of %d bytes", bytes.length());
        }
        return ofStreamInfo(bytes.part(from, STREAMINFO_BYTES));
    }

    private static FlacConfig ofStreamInfo(Payload streamInfo) {
        var in = new BitReader(streamInfo, "STREAMINFO");
        int smallest = in.bits(16);
        int largest = in.bits(16);
        in.skip(24 + 24); // frame sizes
        int rate = in.bits(20);
        int channels = in.bits(3) + 1;
        int bits = in.bits(5) + 1;
        if (rate == 0) {
            throw Malformed.frame("STREAMINFO: a sampling frequency of 0 Hz");
        }
        return new FlacConfig(streamInfo, rate, channels, bits, smallest == largest ? largest : 0);
    }

    @Override
    public String codecString() {
        return "fLaC";
    }

    /// Read from the frame's header.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc9639 RFC 9639 §9.1
    @Override
    public int samplesIn(Payload frame) {
        if (frame.length() < 6 || frame.get(0) != 0xff || (frame.get(1) & 0xfc) != 0xf8) {
            return blockSamples;
        }
        int code = frame.get(2) >> 4;
        return switch (code) {
            case 0 -> blockSamples;
            case 1 -> 192;
            case 2, 3, 4, 5 -> 576 << (code - 2);
            case 6 -> uncommon(frame, 1);
            case 7 -> uncommon(frame, 2);
            default -> 256 << (code - 8);
        };
    }

    /// The number of samples less one stands behind the frame's number, which has as many bytes as its first byte
    /// has leading ones.
    private int uncommon(Payload frame, int bytes) {
        int ones = Integer.numberOfLeadingZeros(~(frame.get(4) << 24));
        int at = 4 + Math.max(1, ones);
        if (at + bytes > frame.length()) {
            return blockSamples;
        }
        return (bytes == 1 ? frame.get(at) : frame.get(at) << 8 | frame.get(at + 1)) + 1;
    }

    @Override
    public Payload record() {
        return streamInfo;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlacConfig that && streamInfo.equals(that.streamInfo);
    }

    @Override
    public int hashCode() {
        return streamInfo.hashCode();
    }
}
