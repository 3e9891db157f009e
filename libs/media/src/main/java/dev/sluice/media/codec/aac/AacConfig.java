package dev.sluice.media.codec.aac;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;

/// The decoder configuration of an AAC track. Two are equal when their `asc` bytes are.
///
/// @param asc the AudioSpecificConfig, byte for byte as it came
/// @param objectType of the coded core: 2 is AAC-LC
/// @param sampleRate what a decoder puts out, in Hz, from 7350 to 96000: twice the core's where spectral band
///     replication is announced
/// @param channels what a decoder puts out; 0 where the configuration does not say
/// @param frameSamples how many output samples one frame makes: 1024 or 960, half of that for low delay, twice with
///     band replication
/// @param sbr whether spectral band replication is announced (HE-AAC)
/// @param ps whether parametric stereo is announced (HE-AAC v2)
/// @spec https://www.iso.org/standard/76383.html ISO/IEC 14496-3 §1.6.2.1
public record AacConfig(
        Payload asc, int objectType, int sampleRate, int channels, int frameSamples, boolean sbr, boolean ps)
        implements AudioConfig {
    static final int MIN_SAMPLE_RATE = 7_350;
    static final int MAX_SAMPLE_RATE = 96_000;
    private static final int OBJECT_TYPE_SBR = 5;
    private static final int OBJECT_TYPE_PS = 29;

    /// Others compute times and sizes with these two, so they are never out of range.
    ///
    /// @throws dev.sluice.media.Malformed when the rate or the length of a frame is none that AAC knows
    public AacConfig {
        checkSampleRate(sampleRate);
        switch (frameSamples) {
            case 480, 512, 960, 1024, 1920, 2048 -> {}
            default -> throw Malformed.frame("AudioSpecificConfig: frames of %d samples", frameSamples);
        }
    }

    /// Reads an AudioSpecificConfig.
    ///
    /// @throws dev.sluice.media.Malformed when it ends too early, or its rates or frames are none that AAC knows
    public static AacConfig parse(Payload asc) {
        return new AscParser(asc).parse();
    }

    static void checkSampleRate(int hz) {
        if (hz < MIN_SAMPLE_RATE || hz > MAX_SAMPLE_RATE) {
            throw Malformed.frame("AudioSpecificConfig: a sampling frequency of %d Hz", hz);
        }
    }

    /// A raw frame does not say more than the configuration.
    @Override
    public int samplesIn(Payload frame) {
        return frameSamples;
    }

    @Override
    public Payload record() {
        return asc;
    }

    @Override
    public String codecString() {
        return "mp4a.40." + (ps ? OBJECT_TYPE_PS : sbr ? OBJECT_TYPE_SBR : objectType);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AacConfig that && asc.equals(that.asc);
    }

    @Override
    public int hashCode() {
        return asc.hashCode();
    }
}
