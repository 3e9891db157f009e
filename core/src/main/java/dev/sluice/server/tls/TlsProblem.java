package dev.sluice.server.tls;

/// Certificates or settings that cannot be used, as a sentence that names the file.
public final class TlsProblem extends Exception {
    private static final long serialVersionUID = 1;

    TlsProblem(String sentence) {
        super(sentence);
    }

    TlsProblem(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
