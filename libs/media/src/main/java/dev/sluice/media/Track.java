package dev.sluice.media;

/// One track of a stream.
///
/// @param id unique among the tracks of its kind, 0 to 255; 0 is the default track (E-RTMP v2 track id)
/// @param codec which codec
/// @param config its decoder configuration
/// @param side what else the publisher says about it
public record Track(int id, Codec codec, CodecConfig config, SideData side) {
    public Track(int id, Codec codec, CodecConfig config) {
        this(id, codec, config, SideData.NONE);
    }

    public TrackKind kind() {
        return codec.kind();
    }

    /// What its configuration and side data hold on the heap, in bytes.
    int sizeBytes() {
        int record = switch (config) {
            case VideoConfig video -> video.record().length();
            case AudioConfig audio -> audio.record().length();
            case CodecConfig.Opaque(Payload header) -> header.length();
            default -> 0;
        };
        return record + side.colorInfo().length() + side.channelLayout().length();
    }

    /// Whether a decoder that was set up for the other track can go on with this one: everything but the side data
    /// is the same.
    public boolean decodesLike(Track other) {
        return id == other.id && codec == other.codec && config.equals(other.config);
    }
}
