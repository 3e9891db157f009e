package dev.sluice.plugin.rtmp;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Framing;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.WireRecord;
import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvMuxer;
import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.chunk.ChunkEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// What is one player's own: the two type 0 headers that set its time and message stream. Owned by its loop.
final class RtmpFraming implements Framing<RtmpPrologue> {
    /// Whom it tells what happens to the viewing.
    interface Player {
        /// It was too slow, and goes on at a later key frame.
        void jumped();

        void ended(EndReason why);
    }

    private static final long NOT_STARTED = Long.MIN_VALUE;

    private final int msid;
    private final int chunkBytes;
    private final Player player;
    private long zeroMs = NOT_STARTED;
    private Payload sentHeaders = Payload.EMPTY;

    /// @param msid message stream that the player plays on
    RtmpFraming(int msid, int chunkBytes, Player player) {
        this.msid = msid;
        this.chunkBytes = chunkBytes;
        this.player = player;
    }

    int msid() {
        return msid;
    }

    @Override
    public void join(RtmpPrologue prologue, WireRecord<RtmpPrologue> first, Outlet outlet) {
        long firstMs = FlvMuxer.timestampMs(first.timeNs());
        var lanes = LaneTimes.of(first.mark());
        long audioMs = lanes.audioMs(firstMs);
        long videoMs = lanes.videoMs(firstMs);
        if (zeroMs == NOT_STARTED) {
            zeroMs = Math.max(Math.min(audioMs, videoMs), firstMs - RtmpPackager.SILENCE_MS);
        }
        var out = ByteBufAllocator.DEFAULT.buffer();
        ChunkEncoder.writeType0(
                out,
                RtmpFormat.AUDIO_CSID,
                sessionMs(audioMs),
                MessageType.DATA_AMF0,
                msid,
                SampleAccess.BODY.slice(),
                chunkBytes);
        ChunkEncoder.writeType0(
                out,
                RtmpFormat.VIDEO_CSID,
                sessionMs(videoMs),
                MessageType.DATA_AMF0,
                msid,
                prologue.metadata().slice(),
                chunkBytes);
        writeHeaders(prologue.headers(), out);
        outlet.write(out);
    }

    /// Times are set anew more often than headers change.
    @SuppressWarnings("ReferenceEquality") // the same bytes are the same object
    private void writeHeaders(Payload headers, ByteBuf out) {
        if (headers != sentHeaders) {
            sentHeaders = headers;
            headers.writeTo(out);
        }
    }

    @Override
    public boolean follows(RtmpPrologue before, RtmpPrologue next) {
        return StreamState.sameCodecs(before.tracks(), next.tracks());
    }

    /// A chunk stream that was silent when the player came may lie before the player's zero. It starts there; its
    /// next message comes with a new prologue, which sets it right.
    private long sessionMs(long timeMs) {
        return Math.max(0, timeMs - zeroMs) & 0xffff_ffffL;
    }

    @Override
    public void jumped() {
        player.jumped();
    }

    @Override
    public void end(EndReason why, Outlet outlet) {
        player.ended(why);
    }
}
