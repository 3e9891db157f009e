package dev.sluice.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A certificate for trying out: P-256, signed by itself, for this machine's own names. Written once and used again
/// until shortly before it ends. Waits for the disk.
final class SelfSigned {
    /// Apple's systems take none that is valid for more than 825 days.
    private static final Duration VALID = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    /// Clocks of clients differ.
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] RSA_WITH_SHA256 =
            Der.sequence(Der.oid(1, 2, 840, 113549, 1, 1, 11), new byte[] {0x05, 0x00});
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final int EXPLICIT_0 = 0xa0;
    private static final int EXPLICIT_3 = 0xa3;

    private SelfSigned() {}

    /// The certificate with its key in `file`, made now if there is none that holds on for a while.
    static Identity at(Path file, Instant now) throws TlsProblem {
        if (Files.exists(file)) {
            var kept = Identity.load(List.of(file), List.of(file)).getFirst();
            if (kept.certificate().getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE))) {
                return kept;
            }
        }
        try {
            write(file, pem("EC", ownNames(), now));
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsProblem("cannot make a certificate in " + file + ": " + e, e);
        }
        return Identity.load(List.of(file), List.of(file)).getFirst();
    }

    /// Readable by us alone from its first byte on, and there at once or not at all.
    private static void write(Path file, String pem) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        var attributes = Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        var half = Files.createTempFile(folder, "self-signed", ".new", attributes);
        try {
            Files.writeString(half, pem, StandardCharsets.US_ASCII);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    /// @param algorithm EC for P-256, or RSA with 2048 bits
    /// @param names DNS names and addresses
    static String pem(String algorithm, List<String> names, Instant now) throws GeneralSecurityException {
        boolean elliptic = algorithm.equals("EC");
        var generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(
                elliptic
                        ? new ECGenParameterSpec("secp256r1")
                        : new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
        var pair = generator.generateKeyPair();
        return block("CERTIFICATE", certificate(pair, elliptic, names, now))
                + block("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    private static String block(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    /// @spec RFC 5280 §4.1
    private static byte[] certificate(KeyPair pair, boolean elliptic, List<String> names, Instant now)
            throws GeneralSecurityException {
        var signed = elliptic ? ECDSA_WITH_SHA256 : RSA_WITH_SHA256;
        var name = Der.sequence(Der.set(Der.sequence(Der.oid(2, 5, 4, 3), Der.text("Sluice, made for trying out"))));
        var toBeSigned = Der.sequence(
                Der.tagged(EXPLICIT_0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(127, new SecureRandom()).setBit(126)),
                signed,
                name,
                Der.sequence(Der.time(now.minus(BACKDATED)), Der.time(now.plus(VALID))),
                name,
                pair.getPublic().getEncoded(),
                Der.tagged(EXPLICIT_3, extensions(names)));
        var signature = Signature.getInstance(elliptic ? "SHA256withECDSA" : "SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(toBeSigned);
        return Der.sequence(toBeSigned, signed, Der.bits(signature.sign()));
    }

    /// Not an authority, for servers, and the names.
    private static byte[] extensions(List<String> names) {
        var serverAuth = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1);
        return Der.sequence(
                Der.sequence(Der.oid(2, 5, 29, 19), TRUE, Der.octets(Der.sequence())),
                Der.sequence(Der.oid(2, 5, 29, 37), Der.octets(Der.sequence(serverAuth))),
                Der.sequence(Der.oid(2, 5, 29, 17), Der.octets(Der.sequence(encoded(names)))));
    }

    private static byte[][] encoded(List<String> names) {
        return names.stream()
                .map(name -> name.contains(":") || name.matches("[0-9.]+")
                        ? Der.tagged(IP_ADDRESS, InetAddress.ofLiteral(name).getAddress())
                        : Der.tagged(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII)))
                .toArray(byte[][]::new);
    }

    private static List<String> ownNames() {
        var host = System.getenv().getOrDefault("HOSTNAME", "");
        var names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
        if (host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")) {
            names.add(host);
        }
        return names;
    }
}
