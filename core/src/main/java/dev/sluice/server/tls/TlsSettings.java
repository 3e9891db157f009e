package dev.sluice.server.tls;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import java.util.List;

/// Settings of TLS. It is recognised on every port: what a port carries in the clear, it carries inside TLS too.
///
/// @param certificates PEM files, each with one certificate and its chain; empty for one made by the server
/// @param keys PEM files with the private keys; which belongs to which certificate is found out
/// @param oldest the oldest version that is spoken
/// @param ciphers of TLS 1.2, by their IANA names, best first; empty for the [#SAFE_CIPHERS]
/// @param resumeS how long a client may resume a session, seconds; 0 for never
/// @param reloadMs how often the files are looked at; 0 for never
/// @param handshakeTimeoutMs from the first byte of TLS to the end of its handshake, however slowly bytes drip
/// @param maxHandshakes connections inside a handshake at once; one more ends the oldest
/// @param maxHelloBytes the first message of a client
@Doc("TLS, recognised on every port: RTMPS, HTTPS, and WebSockets inside it.")
public record TlsSettings(
        @Doc("Whether TLS is spoken at all.") boolean enabled,

        @Doc(
                "PEM files, each with a certificate and its chain. The name a client asks for chooses; the first one is for "
                        + "clients that name nobody known. Without any the server makes one of its own at the first use, in "
                        + "the folder 'data': nobody trusts that one by itself, so it is for trying out.")
        List<String> certificates,

        @Doc(
                "PEM files with the private keys, without passwords, in any order. May be empty when the certificates' files "
                        + "hold them.")
        List<String> keys,

        @Doc("The oldest version that is spoken.") Version oldest,

        @Doc(
                "Cipher suites of TLS 1.2, best first, as 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'. Empty is every one that "
                        + "keeps past recordings secret and is not known to be weak. Those of TLS 1.3 are fixed.")
        List<String> ciphers,

        @Doc("How long a client may come back without a whole handshake, seconds; 0 for never.")
        @Range(min = 0, max = 604_800)
        int resumeS,

        @Doc("How often the files are looked at, milliseconds; new ones are used for new connections. 0 for never.")
        @Range(min = 0, max = 86_400_000)
        int reloadMs,

        @Doc("Milliseconds from the first byte of TLS to the end of its handshake.") @Range(min = 10, max = 600_000)
        int handshakeTimeoutMs,

        @Doc("Connections that may be inside a handshake at once. One more ends the oldest of them.")
        @Range(min = 1, max = 1_000_000)
        int maxHandshakes,

        @Doc("Bytes of the first message of a client.") @Range(min = 512, max = 65_536)
        int maxHelloBytes) {
    /// What `oldest` may be.
    public enum Version {
        TLS12,
        TLS13
    }

    public static final TlsSettings DEFAULTS = new TlsSettings(
            true, List.of(), List.of(), Version.TLS12, List.of(), 7_200, 5_000, 10_000, 1_000, 16 * 1024);

    /// Forward secret and authenticated. Embedded encoders know the RSA one with AES-128.
    public static final List<String> SAFE_CIPHERS = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    public TlsSettings {
        certificates = List.copyOf(certificates);
        keys = List.copyOf(keys);
        ciphers = List.copyOf(ciphers);
        if (certificates.isEmpty() && !keys.isEmpty()) {
            throw new IllegalArgumentException("keys without certificates: name the files of both");
        }
    }

    TlsSettings disabled() {
        return new TlsSettings(
                false,
                certificates,
                keys,
                oldest,
                ciphers,
                resumeS,
                reloadMs,
                handshakeTimeoutMs,
                maxHandshakes,
                maxHelloBytes);
    }
}
