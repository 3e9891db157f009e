package dev.sluice.media;

/// What a publisher says about a track beside its configuration, kept as it came. A change of it needs no new
/// decoder.
///
/// @param colorInfo AMF0 values of an E-RTMP metadata packet: the string `colorInfo` and an object; empty where none
///     came or it was taken back
/// @param channelLayout body of an E-RTMP MultichannelConfig: order, channels, mask or map; empty where none came
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, Metadata Frame and MultichannelConfig
public record SideData(Payload colorInfo, Payload channelLayout) {
    public static final SideData NONE = new SideData(Payload.EMPTY, Payload.EMPTY);
}
