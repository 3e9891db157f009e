package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.session.ServerSession.Phase;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The one time limit that applies to a connection now: each phase has its own, and entering a phase starts it.
/// Owned by the connection's loop.
final class Deadline {
    /// So many moments of the time between two pings are used.
    private static final int PING_MOMENTS = 60;

    private final RtmpChannel channel;
    private final RtmpTimeouts timeouts;
    private final long usedMs;
    private Phase phase = Phase.ENDED;
    private Future<?> pending;
    private long lastReadNs;
    private boolean reading = true;

    /// @param channel is told when the time is over, and asked to ping now and then while the client plays: a
    ///     player has no time limit, only the socket has
    /// @param usedMs how much of the time for the handshake is over already, milliseconds
    Deadline(RtmpChannel channel, RtmpTimeouts timeouts, long usedMs) {
        this.channel = channel;
        this.timeouts = timeouts;
        this.usedMs = usedMs;
        this.pending = loop().newSucceededFuture(null);
    }

    private EventLoop loop() {
        return channel.channel().eventLoop();
    }

    void entered(Phase now) {
        if (now == phase) {
            return;
        }
        phase = now;
        stop();
        switch (now) {
            case HANDSHAKE -> expireAfter(Limit.HANDSHAKE_TIME, timeouts.handshakeMs(), usedMs, "no handshake");
            case CONNECT -> expireAfter(Limit.CONNECT_TIME, timeouts.connectMs(), 0, "no connect");
            case IDLE -> expireAfter(Limit.START_TIME, timeouts.startMs(), 0, "neither publish nor play");
            case PUBLISHING -> watchReads(timeouts.readIdleMs());
            case PLAYING -> pending = pingAgain();
            case CLOSING, ENDED -> {}
        }
    }

    void onRead() {
        lastReadNs = loop().ticker().nanoTime();
    }

    /// While we do not read, a publisher cannot be idle.
    void reading(boolean reading) {
        if (reading && !this.reading) {
            onRead();
        }
        this.reading = reading;
    }

    void stop() {
        pending.cancel(false);
    }

    private void expireAfter(Limit limit, long ms, long usedMs, String what) {
        Runnable expire = () -> channel.onExpired(limit, what + " within " + ms + " ms");
        pending = loop().schedule(expire, Math.max(0, ms - usedMs), TimeUnit.MILLISECONDS);
    }

    /// Players that came within a sixtieth of the time, one second of a minute, are asked in the same moment: thousands
    /// that wait would otherwise wake the loop one by one.
    private Future<?> pingAgain() {
        long everyNs = TimeUnit.MILLISECONDS.toNanos(timeouts.pingMs());
        if (everyNs == 0) {
            return loop().newSucceededFuture(null);
        }
        long toNextNs = Math.floorMod(-loop().ticker().nanoTime(), everyNs / PING_MOMENTS);
        return loop().scheduleAtFixedRate(channel::ping, everyNs + toNextNs, everyNs, TimeUnit.NANOSECONDS);
    }

    /// Looks again when the last read would be too old, instead of moving a timer with each read.
    private void watchReads(long ms) {
        pending = loop().schedule(this::checkReads, ms, TimeUnit.MILLISECONDS);
    }

    private void checkReads() {
        long silentMs = reading ? TimeUnit.NANOSECONDS.toMillis(loop().ticker().nanoTime() - lastReadNs) : 0;
        if (silentMs >= timeouts.readIdleMs()) {
            channel.onExpired(Limit.READ_IDLE_TIME, "the publisher was silent for " + silentMs + " ms");
        } else {
            watchReads(timeouts.readIdleMs() - silentMs);
        }
    }
}
