package dev.sluice.plugin.mse;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Framing;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.WireRecord;
import dev.sluice.media.Payload;
import io.netty.buffer.Unpooled;

/// One viewer: everything he gets is shared. Also after a jump he is sent the initialisation segment again, which
/// tells his player that time has gone on without it.
final class MseFraming implements Framing<Payload> {
    @Override
    public void join(Payload prologue, WireRecord<Payload> first, Outlet outlet) {
        outlet.write(prologue.slice());
    }

    @Override
    public void end(EndReason why, Outlet outlet) {
        var goodbye = Unpooled.buffer();
        WebSocketFrames.writeClose(why.label(), goodbye);
        outlet.write(goodbye);
        outlet.close();
    }
}
