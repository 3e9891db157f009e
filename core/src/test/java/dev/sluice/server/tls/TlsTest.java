package dev.sluice.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.SslContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TlsTest {
    private static final ClientHello MODERN = new ClientHello("", true, true);

    @TempDir
    Path folder;

    private final List<Tls> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(Tls::close);
    }

    @Test
    void theNameThatAClientAsksForChoosesAndTheFirstIsForEverybodyElse() throws Exception {
        var first = TestCertificates.elliptic(folder.resolve("a.pem"), "a.example");
        var wild = TestCertificates.elliptic(folder.resolve("w.pem"), "*.b.example", "b.example");
        var exact = TestCertificates.elliptic(folder.resolve("x.pem"), "live.b.example");
        var identities = Identity.load(List.of(first, wild, exact), List.of());

        assertThat(chosen(identities, "a.example", true)).isEqualTo(0);
        assertThat(chosen(identities, "live.b.example", true)).isEqualTo(2);
        assertThat(chosen(identities, "other.b.example", true)).isEqualTo(1);
        assertThat(chosen(identities, "b.example", true)).isEqualTo(1);
        assertThat(chosen(identities, "two.deep.b.example", true)).isEqualTo(0);
        assertThat(chosen(identities, "", true)).isEqualTo(0);
        assertThat(chosen(identities, "nobody.example", false)).isEqualTo(0);
    }

    @Test
    void ofTwoKindsForANameAClientGetsTheOneItCanCheck() throws Exception {
        var elliptic = TestCertificates.elliptic(folder.resolve("e.pem"), "a.example");
        var rsa = TestCertificates.rsa(folder.resolve("r.pem"), "a.example");
        var identities = Identity.load(List.of(elliptic, rsa), List.of());

        assertThat(chosen(identities, "a.example", true)).isEqualTo(0);
        assertThat(chosen(identities, "a.example", false)).isEqualTo(1);
        assertThat(chosen(identities, "", false)).isEqualTo(1);
    }

    private static int chosen(List<Identity> identities, String name, boolean elliptic) {
        return identities.indexOf(Identity.choose(identities, one -> one, new ClientHello(name, elliptic, true)));
    }

    @Test
    void theKeyThatFitsIsFoundInWhateverFormItIsWritten() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        var other = generator.generateKeyPair().getPrivate();
        for (var algorithm : List.of("EC", "RSA")) {
            var both = Files.readString(
                    algorithm.equals("EC")
                            ? TestCertificates.elliptic(folder.resolve("c.pem"), "a.example")
                            : TestCertificates.rsa(folder.resolve("c.pem"), "a.example"));
            int split = both.indexOf("-----BEGIN PRIVATE");
            var certificate = Files.writeString(folder.resolve("cert.pem"), both.substring(0, split));
            var wrong = Files.writeString(folder.resolve("wrong.pem"), pem("PRIVATE KEY", other.getEncoded()));
            var old = Files.writeString(
                    folder.resolve("old.pem"), pem(algorithm + " PRIVATE KEY", inner(both.substring(split))));

            assertThat(Identity.load(List.of(certificate), List.of(wrong, old))).hasSize(1);
            assertThatThrownBy(() -> Identity.load(List.of(certificate), List.of(wrong)))
                    .isInstanceOf(TlsProblem.class)
                    .hasMessage(certificate + ": none of the private keys belongs to this certificate");
        }
    }

    /// The last field of PKCS#8 is the key in the form from before.
    private static byte[] inner(String pem) {
        var der = Base64.getMimeDecoder()
                .decode(pem.replaceAll("-----[^-]+-----", "").strip());
        for (int at = 4; at < 60; at++) {
            if (der[at] == 0x04 && lengthOf(der, at) == der.length - at - headerOf(der, at)) {
                return Arrays.copyOfRange(der, at + headerOf(der, at), der.length);
            }
        }
        throw new IllegalArgumentException("no key in it");
    }

    private static int headerOf(byte[] der, int at) {
        return der[at + 1] >= 0 ? 2 : 2 + (der[at + 1] & 0x7f);
    }

    private static int lengthOf(byte[] der, int at) {
        int length = 0;
        for (int i = at + 2; i < at + headerOf(der, at); i++) {
            length = length << 8 | der[i] & 0xff;
        }
        return der[at + 1] >= 0 ? der[at + 1] : length;
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                + "-----\n";
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws Exception {
        var none = folder.resolve("none.pem");
        var empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        var locked = Files.writeString(
                folder.resolve("locked.pem"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");

        assertThatThrownBy(() -> start(none)).hasMessage(none + ": there is no such file");
        assertThatThrownBy(() -> start(empty)).hasMessage(empty + ": there is no certificate in it");
        assertThatThrownBy(() -> start(locked)).hasMessageContaining("locked.pem: the private key has a password");
        var good = TestCertificates.elliptic(folder.resolve("good.pem"), "a.example");
        var settings = settings(List.of(good.toString()), List.of("TLS_NO_SUCH"), 0);
        assertThatThrownBy(() -> Tls.start(settings, folder))
                .hasMessageStartingWith("tls.ciphers: there is no 'TLS_NO_SUCH'");
    }

    @Test
    void aChangedFileIsUsedForNewConnectionsAndABrokenOneChangesNothing() throws Exception {
        var file = TestCertificates.elliptic(folder.resolve("a.pem"), "a.example");
        var tls = start(file);
        var before = context(tls);

        Files.writeString(file, "not a certificate");
        var other = TestCertificates.elliptic(folder.resolve("b.pem"), "b.example");
        assertThat(context(tls)).isSameAs(before);
        await().during(Duration.ofMillis(100)).until(() -> context(tls) == before);
        Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);

        await().until(() -> context(tls) != before);
    }

    @Test
    void withoutFilesACertificateIsMadeOnceAndKept() throws Exception {
        var tls = Tls.start(TlsSettings.DEFAULTS, folder);
        started.add(tls);
        var file = folder.resolve("tls").resolve("self-signed.pem");
        assertThat(file).doesNotExist();

        context(tls);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var made = Identity.load(List.of(file), List.of()).getFirst();
        made.certificate().verify(made.certificate().getPublicKey());
        made.certificate().checkValidity();
        assertThat(made.names()).contains("localhost", "127.0.0.1");
        assertThat(made.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
        assertThat(SelfSigned.at(file, Instant.now()).fingerprint()).isEqualTo(made.fingerprint());
        assertThat(SelfSigned.at(file, Instant.now().plus(Duration.ofDays(340))).fingerprint())
                .as("shortly before its end")
                .isNotEqualTo(made.fingerprint());
    }

    private Tls start(Path certificate) throws TlsProblem {
        var tls = Tls.start(settings(List.of(certificate.toString()), List.of(), 10), folder);
        started.add(tls);
        return tls;
    }

    private static TlsSettings settings(List<String> certificates, List<String> ciphers, int reloadMs) {
        var usual = TlsSettings.DEFAULTS;
        return new TlsSettings(
                true,
                certificates,
                List.of(),
                usual.oldest(),
                ciphers,
                usual.resumeS(),
                reloadMs,
                usual.handshakeTimeoutMs(),
                usual.maxHandshakes(),
                usual.maxHelloBytes());
    }

    private static SslContext context(Tls tls) {
        try {
            return tls.contextFor(MODERN).toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
