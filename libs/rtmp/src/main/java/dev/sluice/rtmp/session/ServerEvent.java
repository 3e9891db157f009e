package dev.sluice.rtmp.session;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import java.util.List;

/// What a client did. The three questions are answered by id, now or later: [ServerSession#accept(int)] or
/// [ServerSession#refuse(int, String, String)]. Until then the session reads nothing.
public sealed interface ServerEvent {
    /// A question.
    sealed interface Asked extends ServerEvent {
        int id();
    }

    /// The client connected to an application.
    ///
    /// @param app as sent; what a stream is called is decided by [StreamPath] when it is published or played
    /// @param tcUrl as sent, quotes removed; untrusted, and may hold a key
    /// @param flashVer what the client calls itself; untrusted
    /// @param publisher whether the client says that it will publish; encoders do, but not all
    /// @param capabilities what it says about Enhanced RTMP
    /// @param properties the whole connect object
    /// @param arguments what followed it
    record ConnectAsked(
            int id,
            String app,
            String tcUrl,
            String flashVer,
            boolean publisher,
            Capabilities capabilities,
            AmfValue.Obj properties,
            List<AmfValue> arguments)
            implements Asked {
        /// Without what may hold a key.
        @Override
        public String toString() {
            return "ConnectAsked[id=" + id + ", flashVer=" + flashVer + "]";
        }
    }

    /// The client wants to publish. The name has passed [StreamPath#problem()].
    ///
    /// @param msid message stream
    /// @param type `live`, `record`, `append` or `appendWithGap`; `live` if the client said nothing
    record PublishAsked(int id, int msid, StreamPath path, String type) implements Asked {}

    /// The client wants to play. The name has passed [StreamPath#problem()].
    ///
    /// @param msid message stream
    /// @param startMs [#LIVE_OR_RECORDED], [#LIVE_ONLY], or a position in a recording in milliseconds
    record PlayAsked(int id, int msid, StreamPath path, long startMs) implements Asked {
        public static final long LIVE_OR_RECORDED = -2000;
        public static final long LIVE_ONLY = -1000;
    }

    /// A publisher sent something. Never empty.
    ///
    /// @param timestampMs milliseconds, unsigned 32 bits, wrapping every 49.7 days; any origin
    /// @param body audio and video as in an FLV tag, data as AMF0 values; belongs to the receiver
    @SuppressWarnings("ArrayRecordComponent") // handed over, neither copied nor compared
    record Media(int msid, MediaKind kind, long timestampMs, byte[] body) implements ServerEvent {}

    /// A publisher has stopped.
    ///
    /// @param clean whether the publisher said so; otherwise it may come back
    record PublishEnded(int msid, boolean clean) implements ServerEvent {}

    record PlayEnded(int msid) implements ServerEvent {}

    /// A player paused, or went on. The client has been told.
    record PauseChanged(int msid, boolean paused) implements ServerEvent {}

    /// A player wants audio or video, or no longer wants it. It has been answered.
    ///
    /// @param kind audio or video
    record ReceiveChanged(int msid, MediaKind kind, boolean wanted) implements ServerEvent {}

    /// A call of ours ([ServerSession#call]) has come to its end. Every call does, at the latest with the session.
    ///
    /// @param id what the call returned
    /// @param value the result, or the client's account of the error; undefined where there is none
    record CallEnded(int id, CallOutcome outcome, AmfValue value) implements ServerEvent {}

    /// What came of a call.
    enum CallOutcome {
        RESULT,
        ERROR,
        NO_ANSWER
    }

    /// The client did something to a shared object. Only after [ServerSession#shareObjects()].
    record SharedObject(SharedObjectMessage message) implements ServerEvent {}

    /// A limit was hit: at most once for each limit and session. Where it ends the connection, [Ended] follows.
    ///
    /// @param sentence what happened, for a log
    record LimitHit(Limit limit, String sentence) implements ServerEvent {}

    /// The last event, exactly one per session.
    record Ended(EndCause cause, String reason) implements ServerEvent {}
}
