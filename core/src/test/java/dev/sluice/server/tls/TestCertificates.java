package dev.sluice.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;

/// Certificates for tests, signed by themselves.
public final class TestCertificates {
    private TestCertificates() {}

    /// Certificate and key in one file.
    public static Path elliptic(Path file, String... names) {
        return write(file, "EC", names);
    }

    public static Path rsa(Path file, String... names) {
        return write(file, "RSA", names);
    }

    private static Path write(Path file, String algorithm, String... names) {
        try {
            return Files.writeString(file, SelfSigned.pem(algorithm, List.of(names), Instant.now()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
