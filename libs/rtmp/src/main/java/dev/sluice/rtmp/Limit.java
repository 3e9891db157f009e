package dev.sluice.rtmp;

import java.util.Locale;

/// The limits that a peer can hit, for a counter per kind. What each allows stands in [RtmpLimits] and in the
/// timeouts of the connection.
public enum Limit {
    COMMAND_RATE,
    COMMANDS_BEFORE_ADMISSION,
    CONTROL_MESSAGE_RATE,
    /// Acknowledgements that were due and left out; the connection goes on.
    ACKNOWLEDGEMENT_RATE,
    /// Answers to pings and the like that were left out; the connection goes on.
    CONTROL_REPLY_RATE,
    CHUNK_HEADER_RATE,
    CHUNK_STREAMS,
    SMALL_CHUNKS,
    PARTIAL_MESSAGES,
    PARTIAL_BYTES,
    MESSAGE_BYTES,
    AGGREGATE_PARTS,
    /// Bytes that came before the answer to a question.
    UNREAD_BYTES,
    /// Message streams; the call is refused and the connection goes on.
    STREAMS,
    /// Calls of ours that wait for an answer; the call is not made.
    OUTSTANDING_CALLS,
    /// Shared objects of a connection, or keys and bytes of one: refused, and the connection goes on. Whoever does
    /// not take what is sent to him is ended.
    SHARED_OBJECTS,
    /// A name, query or address; the publish or play is refused.
    NAME_BYTES,
    AMF_DEPTH,
    AMF_VALUES,
    AMF_ARRAY_ITEMS,
    AMF_PROPERTIES,
    AMF_STRING_BYTES,
    /// Tunnels (RTMPT) at once, of all or of one address; another is not opened.
    TUNNELS,
    /// A tunnel without a request.
    TUNNEL_IDLE_TIME,
    HANDSHAKE_TIME,
    CONNECT_TIME,
    START_TIME,
    READ_IDLE_TIME;

    /// Such as `command-rate`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
