package dev.sluice.media;

/// One access unit of one track.
///
/// Payload conventions, so that FLV, RTMP and MP4 pass bytes through: H.264 is NAL units with 4-byte lengths,
/// parameter sets kept in the track's configuration; AAC is one raw access unit without ADTS. A frame of an
/// [CodecConfig.Opaque] codec carries the whole FLV tag body, header bytes included.
///
/// @param track the track as it was configured when the frame was made
/// @param dtsNs decode time, nanoseconds
/// @param ptsNs presentation time, nanoseconds; may be before `dtsNs` for streams with negative composition times
/// @param kind what a decoder can do with it
/// @param payload the coded bytes
public record Frame(Track track, long dtsNs, long ptsNs, FrameKind kind, Payload payload) implements Entry {
    @Override
    public long timeNs() {
        return dtsNs;
    }

    @Override
    public int sizeBytes() {
        return payload.length();
    }

    /// The same frame at another place on the timeline; the presentation offset is kept.
    public Frame at(long newDtsNs) {
        return newDtsNs == dtsNs ? this : new Frame(track, newDtsNs, ptsNs + (newDtsNs - dtsNs), kind, payload);
    }

    public boolean isVideoKey() {
        return kind == FrameKind.KEY && track.kind() == TrackKind.VIDEO;
    }
}
