package dev.sluice.rtmp.session;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.handshake.HandshakeForm;

/// What a server said to a client.
public sealed interface ClientEvent {
    /// The server accepted the connection.
    ///
    /// @param software what it calls itself, such as `FMS/3,5,7,7009`; empty if it says nothing; untrusted
    /// @param handshake how it shook hands
    /// @param capabilities what it says about Enhanced RTMP
    record Connected(String software, HandshakeForm handshake, Capabilities capabilities) implements ClientEvent {}

    /// The server accepts media now.
    record Publishing() implements ClientEvent {}

    /// The server has begun to play, or waits for a publisher.
    record Playing() implements ClientEvent {}

    /// The server sent something. Never empty.
    ///
    /// @param timestampMs milliseconds, unsigned 32 bits, wrapping every 49.7 days
    /// @param body audio and video as in an FLV tag, data as AMF0 values; belongs to the receiver
    @SuppressWarnings("ArrayRecordComponent") // handed over, neither copied nor compared
    record Media(MediaKind kind, long timestampMs, byte[] body) implements ClientEvent {}

    /// A status of the connection or the stream.
    ///
    /// @param level `status`, `warning` or `error`; an error is followed by [Ended]
    /// @param code such as `NetStream.Play.UnpublishNotify`
    record Status(String level, String code, String description) implements ClientEvent {}

    /// The last event, exactly one per session.
    record Ended(EndCause cause, String reason) implements ClientEvent {}
}
