package dev.sluice.plugin.hls;

import dev.sluice.hub.EndReason;
import dev.sluice.server.spi.Sessions.Session;
import java.util.concurrent.atomic.AtomicLong;

/// One viewer in the table of [HlsViewers]. Any thread.
final class Viewer {
    final AtomicLong bytes = new AtomicLong();
    volatile Session session = Session.NONE;
    /// The sweep at which he has left, unless he asks before.
    volatile int goneAtSweep;

    volatile int quietSweeps;
    volatile boolean sentAway;

    Viewer(int sweeps, int quietSweeps) {
        this.quietSweeps = quietSweeps;
        this.goneAtSweep = sweeps + quietSweeps;
    }

    void sendAway(EndReason why) {
        sentAway = true;
        leave(why);
    }

    void leave(EndReason why) {
        session.end(why, bytes.get() + " bytes");
    }
}
