package dev.sluice.plugin.httpflv;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Framing;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.WireRecord;
import dev.sluice.hub.WireRun;
import dev.sluice.media.flv.FlvFileWriter;
import dev.sluice.media.flv.FlvMuxer;
import dev.sluice.media.flv.FlvTag;
import io.netty.buffer.ByteBufAllocator;

/// One viewer's FLV file: its header, and tag headers with times that start at zero.
final class FlvFraming implements Framing<FlvPrologue> {
    private static final int TAG_HEADER_BYTES = 11;
    private static final long NOT_STARTED = Long.MIN_VALUE;

    private long zeroMs = NOT_STARTED;

    @Override
    public void join(FlvPrologue prologue, WireRecord<FlvPrologue> first, Outlet outlet) {
        var out = ByteBufAllocator.DEFAULT.buffer();
        if (zeroMs == NOT_STARTED) {
            zeroMs = FlvMuxer.timestampMs(first.timeNs());
            FlvFileWriter.writeHeader(prologue.audio(), prologue.video(), out);
        }
        for (var tag : prologue.tags()) {
            FlvFileWriter.writeTag(new FlvTag(tag.type(), timestampMs(first), tag.body()), out);
        }
        outlet.write(out);
    }

    @Override
    public boolean follows(FlvPrologue before, FlvPrologue next) {
        return StreamState.sameCodecs(before.tracks(), next.tracks());
    }

    /// The tag headers are his own, so his bytes are put together for him. That costs less than to have the kernel
    /// gather them.
    @Override
    public int run(WireRun<FlvPrologue> run, Outlet outlet) {
        var out = outlet.begin(run.length() + run.count() * TAG_HEADER_BYTES);
        for (var record : run.records()) {
            FlvFileWriter.writeTagHeader(
                    (int) record.mark(), timestampMs(record), FlvFormat.bodyBytes(record.length()), out);
            record.writeTo(out);
        }
        outlet.end();
        return run.count();
    }

    @Override
    public void end(EndReason why, Outlet outlet) {
        outlet.close();
    }

    /// A frame of another track may lie a little before the key frame that a viewer starts with: it is put at
    /// zero.
    private long timestampMs(WireRecord<FlvPrologue> record) {
        return Math.max(0, FlvMuxer.timestampMs(record.timeNs()) - zeroMs) & 0xffff_ffffL;
    }
}
