package dev.sluice.media;

/// Bytes that break their format. The message names the thing; [#scope()] names the smallest thing to give up.
/// Carries no stack trace: it is an answer to bad input, and must be cheap.
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more jar
public final class Malformed extends RuntimeException {
    public enum Scope {
        FRAME,
        STREAM,
        CONNECTION
    }

    private final Scope scope;

    private Malformed(Scope scope, String message) {
        super(message, null, false, false);
        this.scope = scope;
    }

    public static Malformed frame(String format, Object... args) {
        return new Malformed(Scope.FRAME, format.formatted(args));
    }

    public static Malformed stream(String format, Object... args) {
        return new Malformed(Scope.STREAM, format.formatted(args));
    }

    public static Malformed connection(String format, Object... args) {
        return new Malformed(Scope.CONNECTION, format.formatted(args));
    }

    public Scope scope() {
        return scope;
    }
}
