package dev.sluice.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// What one PEM file holds: certificates in their order, and private keys in the forms that OpenSSL, certbot and
/// acme.sh write.
///
/// @param keys every reading of each key: an old EC key does not always say its curve, so there is one for each
record PemFile(Path path, List<X509Certificate> certificates, List<PrivateKey> keys) {
    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] VERSION_0 = Der.integer(BigInteger.ZERO);
    private static final byte[] NULL = {0x05, 0x00};
    private static final byte[] RSA = Der.sequence(Der.oid(1, 2, 840, 113549, 1, 1, 1), NULL);
    private static final byte[] EC = Der.oid(1, 2, 840, 10045, 2, 1);
    /// P-256, P-384 and P-521.
    private static final List<byte[]> CURVES =
            List.of(Der.oid(1, 2, 840, 10045, 3, 1, 7), Der.oid(1, 3, 132, 0, 34), Der.oid(1, 3, 132, 0, 35));

    static PemFile read(Path path) throws TlsProblem {
        var certificates = new ArrayList<X509Certificate>();
        var keys = new ArrayList<PrivateKey>();
        var blocks = BLOCK.matcher(text(path));
        while (blocks.find()) {
            if (blocks.group(1).startsWith("ENCRYPTED") || blocks.group(2).contains("ENCRYPTED")) {
                throw new TlsProblem(path + ": the private key has a password; write it without one");
            }
            var body = decoded(path, blocks.group(2));
            switch (blocks.group(1)) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
                    certificates.add(certificate(path, body));
                case "PRIVATE KEY" -> keys.addAll(pkcs8(body));
                case "RSA PRIVATE KEY" -> keys.addAll(pkcs8(Der.sequence(VERSION_0, RSA, Der.octets(body))));
                case "EC PRIVATE KEY" ->
                    CURVES.forEach(curve ->
                            keys.addAll(pkcs8(Der.sequence(VERSION_0, Der.sequence(EC, curve), Der.octets(body)))));
                default -> {} // DH parameters and the like: nothing of ours
            }
        }
        return new PemFile(path, List.copyOf(certificates), List.copyOf(keys));
    }

    private static String text(Path path) throws TlsProblem {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new TlsProblem(path + " is too large for a PEM file");
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TlsProblem(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new TlsProblem(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] decoded(Path path, String base64) throws TlsProblem {
        try {
            return Base64.getMimeDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new TlsProblem(path + " is damaged: " + e.getMessage(), e);
        }
    }

    private static X509Certificate certificate(Path path, byte[] der) throws TlsProblem {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsProblem(path + ": a certificate in it is damaged", e);
        }
    }

    /// Who holds the key is found by trying: no two kinds can be read from the same bytes.
    private static List<PrivateKey> pkcs8(byte[] der) {
        var keys = new ArrayList<PrivateKey>();
        for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                keys.add(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
            } catch (GeneralSecurityException notThisKind) {
                // one of the others, or none: then no key fits the certificate, and that is said
            }
        }
        return keys;
    }
}
