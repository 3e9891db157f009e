package dev.sluice.media;

/// One track of a stream.
///
/// @param id unique among the tracks of its kind; 0 is the default track (E-RTMP v2 track id)
/// @param codec which codec
/// @param config its decoder configuration
public record Track(int id, Codec codec, CodecConfig config) {
    public TrackKind kind() {
        return codec.kind();
    }
}
