package dev.sluice.media;

import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;

/// The decoder configuration of a track. Equal configurations need no new initialisation of a decoder.
public sealed interface CodecConfig permits AvcConfig, AacConfig, CodecConfig.Opaque {
    /// A codec that we relay without reading: `header` is the configuration message as it came (an FLV tag body),
    /// empty where the codec has none.
    record Opaque(Payload header) implements CodecConfig {}
}
