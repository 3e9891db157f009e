package dev.sluice.app.media;

/// A stream could not be read or sent; the message is a sentence for the user.
public final class MediaFailed extends Exception {
    private static final long serialVersionUID = 1;

    MediaFailed(String message) {
        super(message);
    }
}
