package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Packager;
import dev.sluice.hub.WireFormat;
import dev.sluice.hub.WireWriter;

/// RTMP chunks that fit every connection. Every message has a type 1 header: a time difference to the message
/// before it on its chunk stream, and no message stream id. A viewer's join gives both chunk streams a type 0
/// header with the viewer's own time and message stream; from then on the shared bytes are right for that viewer.
///
/// @param chunkBytes the chunk size that was announced to the viewers
record RtmpFormat(int chunkBytes) implements WireFormat<RtmpPrologue> {
    /// Carries audio and data.
    static final int AUDIO_CSID = 4;

    static final int VIDEO_CSID = 6;

    @Override
    public String name() {
        return "rtmp";
    }

    @Override
    public Packager<RtmpPrologue> packager(WireWriter<RtmpPrologue> out) {
        return new RtmpPackager(chunkBytes, out);
    }
}
