package dev.sluice.media.codec.opus;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/// The decoder configuration of an Opus track. Two are equal when their `OpusHead` bytes are.
///
/// @param head the identification header, byte for byte as it came
/// @param channels what a decoder puts out, 1 to 255
/// @param preSkip samples at 48 kHz that a decoder drops at the start
/// @param inputRate what was encoded, in Hz, for information
/// @param mappingFamily 0 mono or stereo, 1 surround in Vorbis order, 255 not defined
/// @spec https://www.rfc-editor.org/rfc/rfc7845 RFC 7845 §5.1
public record OpusConfig(Payload head, int channels, int preSkip, long inputRate, int mappingFamily)
        implements AudioConfig {
    /// A decoder always puts out this many samples per second.
    public static final int SAMPLE_RATE = 48_000;

    private static final Payload MAGIC = Payload.of("OpusHead".getBytes(StandardCharsets.US_ASCII));
    private static final int HEAD_BYTES = 19;
    private static final int USUAL_PRE_SKIP = 312;

    /// Reads an identification header.
    ///
    /// @throws Malformed when it is too short, or no header at all
    public static OpusConfig parse(Payload head) {
        if (head.length() < HEAD_BYTES || !head.part(0, MAGIC.length()).equals(MAGIC)) {
            throw Malformed.frame("not an OpusHead: %s", head);
        }
        int channels = head.get(9);
        int family = head.get(18);
        if (channels == 0 || (family == 0 && channels > 2)) {
            throw Malformed.frame("OpusHead: %d channels in mapping family %d", channels, family);
        }
        if (family != 0 && head.length() < HEAD_BYTES + 2 + channels) {
            throw Malformed.frame("OpusHead of %d bytes with %d channels", head.length(), channels);
        }
        long rate = head.get(12) | head.get(13) << 8 | head.get(14) << 16 | (long) head.get(15) << 24;
        return new OpusConfig(head, channels, head.get(10) | head.get(11) << 8, rate, family);
    }

    /// For a publisher that sends no header.
    ///
    /// @param channels 1 or 2
    public static OpusConfig ofChannels(int channels) {
        var out = Unpooled.buffer(HEAD_BYTES);
        MAGIC.writeTo(out);
        out.writeByte(1).writeByte(channels);
        out.writeShortLE(USUAL_PRE_SKIP).writeIntLE(SAMPLE_RATE);
        out.writeShort(0).writeByte(0); // output gain, mapping family
        return parse(Payload.copyOf(out));
    }

    @Override
    public int sampleRate() {
        return SAMPLE_RATE;
    }

    @Override
    public String codecString() {
        return "opus";
    }

    /// Read from the first byte of the packet, and the second where it holds the number of frames.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc6716 RFC 6716 §3.1
    @Override
    public int samplesIn(Payload packet) {
        if (packet.length() == 0) {
            return 0;
        }
        int toc = packet.get(0);
        int frames = switch (toc & 3) {
            case 0 -> 1;
            case 1, 2 -> 2;
            default -> packet.length() > 1 ? packet.get(1) & 0x3f : 0;
        };
        return frames * frameSamples(toc >> 3);
    }

    private static int frameSamples(int configuration) {
        if (configuration < 12) { // SILK: 10, 20, 40, 60 ms
            int[] samples = {480, 960, 1920, 2880};
            return samples[configuration & 3];
        }
        if (configuration < 16) { // hybrid: 10, 20 ms
            return 480 << (configuration & 1);
        }
        return 120 << (configuration & 3); // CELT: 2.5, 5, 10, 20 ms
    }

    @Override
    public Payload record() {
        return head;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpusConfig that && head.equals(that.head);
    }

    @Override
    public int hashCode() {
        return head.hashCode();
    }
}
