package dev.sluice.rtmp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Bytes of the peer that this library gives up on. It costs the peer its own connection and nothing else.
///
/// The message is a sentence for a log or a user. There is no stack trace: it is an answer to bad input and must
/// be cheap. Decoders of this library throw nothing else.
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
public final class RtmpException extends RuntimeException {
    /// What kind of bad input it was; a counter per kind tells an operator what is going on.
    public enum Kind {
        /// Not an RTMP peer, or a version of the handshake that is not spoken here.
        HANDSHAKE,
        /// Bytes that the specification does not allow.
        PROTOCOL,
        /// Allowed bytes, but more of them than [RtmpLimits] permits.
        LIMIT
    }

    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final @Nullable Limit limit;

    private RtmpException(Kind kind, @Nullable Limit limit, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.limit = limit;
    }

    public static RtmpException handshake(String format, Object... args) {
        return new RtmpException(Kind.HANDSHAKE, null, format.formatted(args));
    }

    public static RtmpException protocol(String format, Object... args) {
        return new RtmpException(Kind.PROTOCOL, null, format.formatted(args));
    }

    public static RtmpException limit(Limit limit, String format, Object... args) {
        return new RtmpException(Kind.LIMIT, limit, format.formatted(args));
    }

    /// Which limit it was, if it was one.
    public Optional<Limit> limit() {
        return Optional.ofNullable(limit);
    }

    public Kind kind() {
        return kind;
    }
}
