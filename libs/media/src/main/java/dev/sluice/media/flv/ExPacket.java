package dev.sluice.media.flv;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Codec;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.VideoConfig;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// The numbers of Enhanced RTMP packets, and their headers as we write them.
///
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, ExVideoTagHeader and ExAudioTagHeader
final class ExPacket {
    static final int SEQUENCE_START = 0;
    static final int CODED_FRAMES = 1;
    static final int SEQUENCE_END = 2;
    /// Video only: coded frames whose composition time is 0.
    static final int VIDEO_CODED_FRAMES_X = 3;
    static final int VIDEO_METADATA = 4;
    static final int VIDEO_MPEG2TS_SEQUENCE_START = 5;
    static final int VIDEO_MULTITRACK = 6;
    static final int AUDIO_CHANNELS = 4;
    static final int AUDIO_MULTITRACK = 5;
    static final int MOD_EX = 7;

    static final int ONE_TRACK = 0;
    static final int MANY_TRACKS = 1;
    static final int MANY_TRACKS_MANY_CODECS = 2;

    static final int MOD_EX_NANOSECONDS = 0;
    /// What the nanosecond extension adds to a header: size, three bytes, type with the packet type.
    static final int NANOSECONDS_BYTES = 5;

    private static final int VIDEO_ENHANCED = 0x80;
    private static final int AUDIO_ENHANCED = 0x90;
    private static final int FOURCC_BYTES = 4;

    private ExPacket() {}

    /// Whether the coded frames of this codec begin with a composition time.
    static boolean hasCompositionTime(Codec codec) {
        return codec == Codec.H264 || codec == Codec.H265 || codec == Codec.H266;
    }

    static Payload record(Track track) {
        return switch (track.config()) {
            case VideoConfig video -> video.record();
            case AudioConfig audio -> audio.record();
            default -> Payload.EMPTY;
        };
    }

    static int headerBytes(Track track) {
        int multitrack = track.id() == 0 ? 0 : 2;
        return 1 + FOURCC_BYTES + multitrack;
    }

    /// @param nanoseconds 1 to 999999 to say it; 0 to leave it out
    static void writeHeader(Track track, int frameType, int packetType, int nanoseconds, ByteBuf out) {
        boolean video = track.kind() == TrackKind.VIDEO;
        boolean single = track.id() == 0;
        int first = single ? packetType : video ? VIDEO_MULTITRACK : AUDIO_MULTITRACK;
        int marks = video ? VIDEO_ENHANCED | frameType << 4 : AUDIO_ENHANCED;
        if (nanoseconds > 0) {
            out.writeByte(marks | MOD_EX);
            out.writeByte(3 - 1).writeMedium(nanoseconds);
            out.writeByte(MOD_EX_NANOSECONDS << 4 | first);
        } else {
            out.writeByte(marks | first);
        }
        if (!single) {
            out.writeByte(ONE_TRACK << 4 | packetType);
        }
        out.writeCharSequence(track.codec().fourCc(), StandardCharsets.US_ASCII);
        if (!single) {
            out.writeByte(track.id());
        }
    }
}
