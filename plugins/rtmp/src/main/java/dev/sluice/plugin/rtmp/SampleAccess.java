package dev.sluice.plugin.rtmp;

import dev.sluice.media.Payload;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.AmfValue;
import io.netty.buffer.Unpooled;

/// `|RtmpSampleAccess`: tells a player that it may look at the samples. The first data message after Play.Start.
final class SampleAccess {
    static final Payload BODY = body();

    private SampleAccess() {}

    private static Payload body() {
        var out = Unpooled.buffer();
        Amf0.write(out, new AmfValue.Str("|RtmpSampleAccess"));
        Amf0.write(out, new AmfValue.Bool(true));
        Amf0.write(out, new AmfValue.Bool(true));
        return Payload.copyOf(out);
    }
}
