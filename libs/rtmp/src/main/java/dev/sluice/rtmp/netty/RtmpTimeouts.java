package dev.sluice.rtmp.netty;

/// How long a client may take, in milliseconds. The first three count from the end of the step before, whatever
/// arrives meanwhile: an idle timer would let a client hold a connection with one byte a second.
///
/// @param handshakeMs from the connection to the end of the handshake
/// @param connectMs from the handshake to an accepted `connect`
/// @param startMs from there, or from the end of the last stream, to an accepted publish or play
/// @param readIdleMs a publisher from which nothing arrives
/// @param pingMs how often a player is asked for a sign of life; 0 for never
/// @param closeGraceMs from the last word to the close, so that the client reads it
public record RtmpTimeouts(
        long handshakeMs, long connectMs, long startMs, long readIdleMs, long pingMs, long closeGraceMs) {
    public static final RtmpTimeouts DEFAULTS = new RtmpTimeouts(5_000, 5_000, 30_000, 30_000, 60_000, 500);
}
