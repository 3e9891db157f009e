package dev.sluice.hub;

/// Why a publication, a reader or a session ended. Appears in logs as its lower-case name.
public enum EndReason {
    /// The client said goodbye in its protocol.
    CLIENT_DONE,
    /// The connection went away without a goodbye.
    CONNECTION_LOST,
    /// The stream's publisher left.
    PUBLISHER_LEFT,
    /// Another publisher took the stream over.
    DISPLACED,
    /// The stream went on with another codec, which this viewer cannot follow.
    CODEC_CHANGED,
    /// No media, or no bytes, for the configured time.
    IDLE,
    /// A viewer that took nothing for the configured time.
    STALLED,
    /// Admission said no.
    REFUSED,
    /// Somebody with the right to do so ended it.
    KICKED,
    /// Bytes that break the protocol.
    BAD_INPUT,
    /// A configured limit was hit.
    LIMIT,
    /// A reader threw; the others go on.
    SUBSCRIBER_FAILED,
    /// The server stops.
    SERVER_STOPPING;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
