package dev.sluice.server.spi;

import java.util.Locale;

/// The limits of the centre. A protocol has more of its own; their kinds begin with its name.
public enum LimitKind {
    /// Too many connections of one address that proved nothing yet.
    UNAUTHENTICATED_PER_ADDRESS,
    UNAUTHENTICATED_TOTAL,
    CONNECTIONS_PER_ADDRESS,
    CONNECTIONS_TOTAL,
    /// New connections of one address came too fast.
    NEW_PER_ADDRESS,
    /// A connection said too little, for too long, to be recognised.
    FIRST_BYTES_TIMEOUT,
    /// A header of the PROXY protocol that is broken, missing, or from somebody who may not send one.
    PROXY_HEADER,
    /// A TLS handshake took too long.
    TLS_HANDSHAKE_TIMEOUT,
    /// One TLS handshake too many at once; the oldest ended.
    TLS_HANDSHAKES,
    /// The first message of a TLS client was too long.
    TLS_HELLO_BYTES,
    HTTP_REQUEST_LINE,
    HTTP_HEADERS,
    /// The head of a request dripped.
    HTTP_HEAD_TIMEOUT,
    /// The body of a request dripped.
    HTTP_BODY_TIMEOUT,
    HTTP_PIPELINE,
    /// Who gave too many wrong keys or passwords came again while he is blocked.
    FAILED_LOGINS,
    /// A publisher whose first audio or video did not come.
    FIRST_MEDIA,
    /// A publisher without audio and video.
    MEDIA_IDLE,
    /// A stream has more tracks than it may; the further ones are ignored.
    TRACKS,
    /// Another stream would not fit into memory.
    STREAM_MEMORY,
    /// A viewer was so far behind that it jumped to a newer key frame.
    VIEWER_LAG,
    /// A viewer took nothing for too long.
    VIEWER_STALL,
    /// One viewer too many.
    VIEWERS,
    /// One waiting request too many.
    HELD_REQUESTS;

    /// As it stands in logs and answers, such as `viewer-lag`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
