package dev.sluice.media.codec.mp3;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;

/// What every frame of an MPEG audio track says.
///
/// @param flvHeader first byte of the original FLV tags, which is kept because it may be wrong in its own way;
///     [#NO_FLV_HEADER] where the track came as `.mp3` of E-RTMP
/// @param mpeg1 whether MPEG-1; otherwise MPEG-2 or 2.5, with half the rates
/// @param layer 1, 2 or 3
/// @param sampleRate in Hz
/// @param channels 1 or 2
/// @spec https://www.iso.org/standard/22412.html ISO/IEC 11172-3 §2.4.1.3
public record Mp3Config(int flvHeader, boolean mpeg1, int layer, int sampleRate, int channels) implements AudioConfig {
    public static final int NO_FLV_HEADER = -1;

    private static final int HEADER_BYTES = 4;
    private static final int[] RATES = {44_100, 48_000, 32_000};
    private static final int MONO = 3;
    private static final int[] KBITS_LAYER_3 = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    private static final int[] KBITS_LAYER_3_HALF = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};

    /// Reads the first frame of a payload.
    ///
    /// @param flvHeader see [Mp3Config]
    /// @throws Malformed when it does not begin with a frame
    public static Mp3Config ofFrame(Payload frame, int flvHeader) {
        if (!isFrame(frame, 0)) {
            throw Malformed.frame("MP3: no frame: %s", frame);
        }
        int version = frame.get(1) >> 3 & 3; // 0 is 2.5, 2 is 2, 3 is 1
        int rate = RATES[frame.get(2) >> 2 & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
        int layer = 4 - (frame.get(1) >> 1 & 3);
        return new Mp3Config(flvHeader, version == 3, layer, rate, frame.get(3) >> 6 == MONO ? 1 : 2);
    }

    /// Eleven ones, and none of the reserved versions, layers, rates and bit rates.
    private static boolean isFrame(Payload bytes, int at) {
        return bytes.length() - at >= HEADER_BYTES
                && bytes.get(at) == 0xff
                && (bytes.get(at + 1) & 0xe0) == 0xe0
                && (bytes.get(at + 1) >> 3 & 3) != 1
                && (bytes.get(at + 1) >> 1 & 3) != 0
                && (bytes.get(at + 2) >> 4) != 15
                && (bytes.get(at + 2) >> 2 & 3) != 3;
    }

    /// By MPEG version: what MP4 and browsers call it.
    @Override
    public String codecString() {
        return mpeg1 ? "mp4a.6B" : "mp4a.69";
    }

    /// How many samples one frame makes.
    public int frameSamples() {
        return switch (layer) {
            case 1 -> 384;
            case 2 -> 1152;
            default -> mpeg1 ? 1152 : 576;
        };
    }

    /// FLV allows several frames in one tag.
    @Override
    public int samplesIn(Payload payload) {
        int samples = 0;
        int at = 0;
        while (isFrame(payload, at)) {
            samples += frameSamples();
            int bytes = frameBytes(payload, at);
            if (bytes == 0) {
                break;
            }
            at += bytes;
        }
        return samples;
    }

    /// 0 where the header does not say it (free format), or the layer is hardly ever seen in FLV.
    private int frameBytes(Payload payload, int at) {
        if (layer != 3) {
            return 0;
        }
        int index = payload.get(at + 2) >> 4;
        int bitRate = 1000 * (mpeg1 ? KBITS_LAYER_3 : KBITS_LAYER_3_HALF)[index];
        int padding = payload.get(at + 2) >> 1 & 1;
        return bitRate == 0 ? 0 : frameSamples() / 8 * bitRate / sampleRate + padding;
    }

    @Override
    public Payload record() {
        return Payload.EMPTY;
    }
}
