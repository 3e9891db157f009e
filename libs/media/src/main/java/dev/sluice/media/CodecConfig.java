package dev.sluice.media;

/// The decoder configuration of a track. Equal configurations need no new initialisation of a decoder. Codecs
/// whose syntax we read have a record of their own in `dev.sluice.media.codec`. Not sealed: on the class path a
/// sealed type may not reach into other packages.
public interface CodecConfig {
    /// A codec that we relay without reading: `header` is the configuration message as it came (an FLV tag body),
    /// empty where the codec has none.
    record Opaque(Payload header) implements CodecConfig {}
}
