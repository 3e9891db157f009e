package dev.sluice.bench;

import java.util.HexFormat;

/// The frames of one published stream: H.264 and AAC as FLV bodies, valid as far as a server looks, filled with
/// [Mark]s. Frame sizes vary like those of an encoder and keep the bit rate. For one thread.
public final class SyntheticStream {
    /// 1024 samples at 48 kHz.
    public static final long AUDIO_FRAME_NS = 1_024 * 1_000_000_000L / 48_000;

    /// 128 kbit/s.
    private static final int AUDIO_BYTES = 342;
    /// Type and codec, packet type, composition time, NAL length, NAL header, start of the slice header.
    private static final int VIDEO_MARK_AT = 11;
    private static final int AUDIO_MARK_AT = 2;
    /// How much larger a key frame is than the mean of the others.
    private static final double KEY_FRAME_WEIGHT = 4;
    /// Sizes of frames between key frames, as shares of their mean; they add up to their number.
    private static final double[] SIZES = {1.3, 0.8, 1.0, 0.7, 1.2, 0.9, 1.4, 0.7};

    private static final HexFormat HEX = HexFormat.of();
    /// Baseline profile, level 3.1, 1280 × 720. @spec ISO/IEC 14496-15 §5.3.3.1
    private static final byte[] AVC_HEADER =
            HEX.parseHex("1700000000" + "0142c01fffe1" + "0009" + "6742c01fda014016e4" + "01" + "0004" + "68ce3880");
    /// AAC-LC, 48 kHz, stereo. @spec ISO/IEC 14496-3 §1.6.2.1
    private static final byte[] AAC_HEADER = HEX.parseHex("af001190");

    private final LoadShape shape;
    private final int run;
    private final double meanFrameBytes;
    private long videoFrames;
    private long audioFrames;

    public SyntheticStream(LoadShape shape, int run) {
        this.shape = shape;
        this.run = run;
        double perGop = shape.kbps() * 125.0 / shape.framesPerSecond() * shape.gopFrames();
        this.meanFrameBytes = perGop / (shape.gopFrames() - 1 + KEY_FRAME_WEIGHT);
    }

    public byte[] videoHeader() {
        return AVC_HEADER.clone();
    }

    public byte[] audioHeader() {
        return AAC_HEADER.clone();
    }

    /// When the next video frame is due, nanoseconds since the stream began.
    public long nextVideoNs() {
        return videoFrames * 1_000_000_000L / shape.framesPerSecond();
    }

    /// When the next audio frame is due, nanoseconds since the stream began.
    public long nextAudioNs() {
        return audioFrames * AUDIO_FRAME_NS;
    }

    /// The next video frame.
    public byte[] video(long nowNs) {
        boolean key = videoFrames % shape.gopFrames() == 0;
        double size = key ? KEY_FRAME_WEIGHT : SIZES[(int) (videoFrames % SIZES.length)];
        var body = new byte[Math.max(VIDEO_MARK_AT + Mark.BYTES, (int) Math.round(meanFrameBytes * size))];
        body[0] = (byte) (key ? 0x17 : 0x27);
        body[1] = 1;
        int nalBytes = body.length - 9;
        for (int i = 0; i < 4; i++) {
            body[5 + i] = (byte) (nalBytes >>> 24 - 8 * i);
        }
        body[9] = (byte) (key ? 0x65 : 0x41);
        // First macroblock 0, slice type I or P, picture parameter set 0.
        body[10] = (byte) (key ? 0x88 : 0x9a);
        new Mark(++videoFrames, nowNs).write(run, body, VIDEO_MARK_AT);
        return body;
    }

    /// The next audio frame.
    public byte[] audio(long nowNs) {
        var body = new byte[AUDIO_BYTES];
        body[0] = (byte) 0xaf;
        body[1] = 1;
        new Mark(++audioFrames, nowNs).write(run, body, AUDIO_MARK_AT);
        return body;
    }

    /// Frames made so far, audio and video.
    public long frames() {
        return videoFrames + audioFrames;
    }
}
