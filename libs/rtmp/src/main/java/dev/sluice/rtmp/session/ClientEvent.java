package dev.sluice.rtmp.session;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.handshake.HandshakeForm;

/// What a server said to a client.
public sealed interface ClientEvent {
    /// The server let us in.
    ///
    /// @param serverVersion what it calls itself (`fmsVer`); empty if it does not say
    /// @param capabilities what it says about Enhanced RTMP
    /// @param handshake how it answered ours
    record Connected(String serverVersion, Capabilities capabilities, HandshakeForm handshake) implements ClientEvent {}

    /// The server refuses this connection and expects another: elsewhere, or with the next step of a login. [Ended]
    /// follows. A client that follows connects anew, a limited number of times.
    record ComeAgain(ClientRequest request) implements ClientEvent {}

    /// The server wants us to connect to this address and to go on there; it serves this connection meanwhile. At
    /// most five times a minute. @spec E-RTMP v2, Reconnect Request
    record ReconnectAsked(RtmpUrl url, String description) implements ClientEvent {}

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
