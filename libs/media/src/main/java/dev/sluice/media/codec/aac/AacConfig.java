package dev.sluice.media.codec.aac;

import dev.sluice.media.CodecConfig;
import dev.sluice.media.Payload;

/// The decoder configuration of an AAC track. Two are equal when their `asc` bytes are.
///
/// @param asc the AudioSpecificConfig, byte for byte as it came
/// @param objectType of the coded core: 2 is AAC-LC
/// @param sampleRate what a decoder puts out, in Hz: twice the core's where spectral band replication is
///     announced
/// @param channels what a decoder puts out; 0 where the configuration does not say
/// @param frameSamples how many output samples one frame makes: 1024 or 960, twice that with band replication
/// @param sbr whether spectral band replication is announced (HE-AAC)
/// @param ps whether parametric stereo is announced (HE-AAC v2)
/// @spec https://www.iso.org/standard/76383.html ISO/IEC 14496-3 §1.6.2.1
public record AacConfig(
        Payload asc, int objectType, int sampleRate, int channels, int frameSamples, boolean sbr, boolean ps)
        implements CodecConfig {
    private static final int OBJECT_TYPE_SBR = 5;
    private static final int OBJECT_TYPE_PS = 29;

    /// Reads an AudioSpecificConfig.
    ///
    /// @throws dev.sluice.media.Malformed when it ends too early or names a reserved frequency
    public static AacConfig parse(Payload asc) {
        return new AscParser(asc).parse();
    }

    /// The codec as playlists and browsers name it, such as `mp4a.40.2`.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc6381 RFC 6381 §3.3
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
