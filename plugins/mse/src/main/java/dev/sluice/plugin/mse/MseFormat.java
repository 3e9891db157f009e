package dev.sluice.plugin.mse;

import dev.sluice.hub.Packager;
import dev.sluice.hub.WireFormat;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.Payload;

/// WebSocket messages of one frame each, ready to send: nothing in them is a viewer's own. The prologue is the
/// announcement and the initialisation segment, as finished messages too.
record MseFormat() implements WireFormat<Payload> {
    @Override
    public String name() {
        return "mse";
    }

    @Override
    public Packager<Payload> packager(WireWriter<Payload> out) {
        return new MsePackager(out);
    }
}
