package dev.sluice.server.http;

/// A request that cannot be answered as it was written. Its sentence is for whoever sent it.
final class BadRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final String sentence;

    BadRequest(String sentence) {
        // Untrusted input makes these by the thousand: no stack trace.
        super(sentence, null, false, false);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
