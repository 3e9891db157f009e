package dev.sluice.rtmp.session;

import dev.sluice.rtmp.RtmpException;

/// Why a session ended, for a counter; the sentence beside it is for people.
public enum EndCause {
    /// The peer closed the connection.
    PEER_CLOSED,
    /// We closed it.
    CLOSED,
    /// A question was answered with no, or the peer refused us.
    REFUSED,
    /// Not an RTMP peer.
    HANDSHAKE,
    /// Bytes that the specification does not allow.
    PROTOCOL,
    /// More than the limits permit.
    LIMIT,
    /// The peer took too long.
    TIMEOUT;

    /// Why a peer that broke a rule is ended.
    public static EndCause of(RtmpException.Kind kind) {
        return switch (kind) {
            case HANDSHAKE -> HANDSHAKE;
            case PROTOCOL -> PROTOCOL;
            case LIMIT -> LIMIT;
        };
    }
}
