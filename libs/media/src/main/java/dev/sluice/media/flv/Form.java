package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Track;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.mp3.Mp3Config;

/// How the bodies of a track are laid out.
enum Form {
    /// Codec and sound format of the original FLV, and H.265 where a receiver wants it in the layout of H.264.
    ORIGINAL,
    /// A FourCC behind the first byte.
    FOURCC,
    /// A FourCC and the number of the track.
    TRACK;

    static Form of(Track track, FlvDialect dialect) {
        if (track.id() != 0) {
            return TRACK;
        }
        boolean id12 = track.codec() == Codec.H265 && dialect.hevcAsId12();
        return isOriginal(track) || id12 ? ORIGINAL : FOURCC;
    }

    /// Default tracks of the old codecs stay in the old form, which everybody reads. MP3 without the byte that the old
    /// form needs came by FourCC and leaves so.
    static boolean isOriginal(Track track) {
        return switch (track.config()) {
            case AvcConfig avc -> true;
            case AacConfig aac -> true;
            case Mp3Config mp3 -> mp3.flvHeader() != Mp3Config.NO_FLV_HEADER;
            case CodecConfig.Opaque opaque -> true;
            default -> false;
        };
    }
}
