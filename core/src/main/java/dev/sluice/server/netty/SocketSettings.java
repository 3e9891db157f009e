package dev.sluice.server.netty;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// Settings of event loops and of the sockets of every protocol.
///
/// @param transport what this machine cannot do is replaced by the next best, and the log says so
/// @param loops 0 means one for each processor
/// @param backlog accepted by the kernel and not yet by us; the kernel cuts it to `net.core.somaxconn`
/// @param noDelay `TCP_NODELAY`
/// @param unsentMaxBytes `TCP_NOTSENT_LOWAT`; 0 leaves the kernel's value, which is no bound. Linux
/// @param sendBufferBytes `SO_SNDBUF`; 0 lets the kernel size it
/// @param receiveBufferBytes `SO_RCVBUF`; 0 lets the kernel size it
/// @param queueHighBytes what is queued for a connection before it counts as not writable
/// @param queueLowBytes what is left when it counts as writable again; not more than `queueHighBytes`
/// @param deadAfterMs `TCP_USER_TIMEOUT`; 0 leaves the kernel's time. Linux lets it overrule the number of probes, so
///     it is not shorter than they need: one lost probe would end a connection
/// @param keepAlive idle connections are probed
/// @param keepAliveIdleS `TCP_KEEPIDLE`. Linux, like the next two
/// @param keepAliveIntervalS `TCP_KEEPINTVL`
/// @param keepAliveProbes `TCP_KEEPCNT`
@Doc("Event loops, and the sockets of every protocol.")
public record SocketSettings(
        @Doc(
                "How event loops talk to the kernel: 'epoll' (Linux), 'nio' (everywhere), 'io-uring' (Linux; experimental: "
                        + "under load it has been seen to stop). What a machine cannot do is replaced by epoll, else by nio.")
        IoTransport transport,

        @Doc("Event loops that carry connections; 0 takes one for each processor.") @Range(max = 1024)
        int loops,

        @Doc("Connections that may wait for being accepted; the kernel cuts it to net.core.somaxconn.")
        @Range(min = 1, max = 65_535)
        int backlog,

        @Doc("Small writes leave at once (TCP_NODELAY).") boolean noDelay,

        @Doc("Bytes that the kernel keeps of a connection beyond what is on its way (TCP_NOTSENT_LOWAT, Linux): bounds "
                + "what a viewer costs who does not read. 0: up to the send buffer.")
        @Range(max = 1L << 30)
        int unsentMaxBytes,

        @Doc("Send buffer of a connection in the kernel (SO_SNDBUF); 0 lets the kernel size it as it goes.")
        @Range(max = 1L << 30)
        int sendBufferBytes,

        @Doc("Receive buffer of a connection in the kernel (SO_RCVBUF); 0 lets the kernel size it as it goes.")
        @Range(max = 1L << 30)
        int receiveBufferBytes,

        @Doc("With more than this queued in the server a connection gets nothing more.")
        @Range(min = 16_384, max = 1L << 30)
        int queueHighBytes,

        @Doc("It gets more again when less than this is queued.") @Range(min = 1, max = 1L << 30)
        int queueLowBytes,

        @Doc("A peer that acknowledges nothing for this long is gone, milliseconds (TCP_USER_TIMEOUT, Linux). 0: the "
                + "kernel's time, some 15 minutes.")
        @Range(max = 3_600_000)
        int deadAfterMs,

        @Doc("Probe idle connections, so that a peer that vanished is noticed.")
        boolean keepAlive,

        @Doc("Seconds without a byte before the first probe, half of it at least, so that not all go at once (Linux).")
        @Range(min = 1, max = 3_600)
        int keepAliveIdleS,

        @Doc("Seconds between two probes (Linux).") @Range(min = 1, max = 600)
        int keepAliveIntervalS,

        @Doc("Probes without an answer before the connection is closed (Linux).") @Range(min = 1, max = 127)
        int keepAliveProbes) {
    public static final SocketSettings DEFAULTS = new SocketSettings(
            IoTransport.EPOLL, 0, 1_024, true, 128 << 10, 0, 0, 256 << 10, 128 << 10, 45_000, true, 30, 5, 3);

    public SocketSettings {
        if (queueLowBytes > queueHighBytes) {
            throw new IllegalArgumentException("queueLowBytes must not be more than queueHighBytes");
        }
        int probedMs = 1_000 * (keepAliveIdleS + keepAliveIntervalS * keepAliveProbes);
        if (keepAlive && deadAfterMs > 0 && deadAfterMs < probedMs) {
            throw new IllegalArgumentException("deadAfterMs must be 0, or at least " + probedMs
                    + ": keepAliveIdleS and keepAliveProbes times keepAliveIntervalS take that long");
        }
    }

    public SocketSettings withTransport(IoTransport other) {
        return new SocketSettings(
                other,
                loops,
                backlog,
                noDelay,
                unsentMaxBytes,
                sendBufferBytes,
                receiveBufferBytes,
                queueHighBytes,
                queueLowBytes,
                deadAfterMs,
                keepAlive,
                keepAliveIdleS,
                keepAliveIntervalS,
                keepAliveProbes);
    }

    public SocketSettings withLoops(int count) {
        return new SocketSettings(
                transport,
                count,
                backlog,
                noDelay,
                unsentMaxBytes,
                sendBufferBytes,
                receiveBufferBytes,
                queueHighBytes,
                queueLowBytes,
                deadAfterMs,
                keepAlive,
                keepAliveIdleS,
                keepAliveIntervalS,
                keepAliveProbes);
    }

    /// How many loops that makes here.
    public int effectiveLoops() {
        return loops > 0 ? loops : Runtime.getRuntime().availableProcessors();
    }
}
