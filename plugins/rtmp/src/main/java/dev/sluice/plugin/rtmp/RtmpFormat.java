package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Packager;
import dev.sluice.hub.WireFormat;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.TrackKind;
import dev.sluice.media.flv.FlvDialect;
import java.util.Set;

/// RTMP chunks that fit every connection. Every message has a type 1 header: a time difference to the message
/// before it on its chunk stream, and no message stream id. A viewer's join gives both chunk streams a type 0
/// header with the viewer's own time and message stream; from then on the shared bytes are right for that viewer.
///
/// @param chunkBytes the chunk size that was announced to the viewers
/// @param dialect what the viewers understand
/// @param kinds what they want: audio, video or both
record RtmpFormat(int chunkBytes, FlvDialect dialect, Set<TrackKind> kinds) implements WireFormat<RtmpPrologue> {
    /// Carries audio and data.
    static final int AUDIO_CSID = 4;

    static final int VIDEO_CSID = 6;

    private static final Set<TrackKind> SOUND_AND_PICTURE = Set.of(TrackKind.AUDIO, TrackKind.VIDEO);

    RtmpFormat {
        kinds = Set.copyOf(kinds);
    }

    static RtmpFormat ofAll(int chunkBytes, FlvDialect dialect) {
        return new RtmpFormat(chunkBytes, dialect, SOUND_AND_PICTURE);
    }

    @Override
    public String name() {
        return "rtmp";
    }

    @Override
    public Packager<RtmpPrologue> packager(WireWriter<RtmpPrologue> out) {
        return new RtmpPackager(this, out);
    }
}
