package dev.sluice.server.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A certificate with its chain, the key that fits it, and the names it stands for.
///
/// @param chain the server's own certificate first
/// @param names DNS names in small letters, `*.` in front for all names one label below; addresses as text
record Identity(List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final byte[] PROBE = "does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII);

    /// One identity for each file of `certificates`, in this order; the keys may be in any of the files.
    static List<Identity> load(List<Path> certificates, List<Path> keyFiles) throws TlsProblem {
        var chains = new ArrayList<PemFile>();
        var keys = new ArrayList<PrivateKey>();
        for (var file : certificates) {
            var pem = PemFile.read(file);
            chains.add(pem);
            keys.addAll(pem.keys());
        }
        for (var file : keyFiles) {
            keys.addAll(PemFile.read(file).keys());
        }
        var identities = new ArrayList<Identity>();
        for (var pem : chains) {
            identities.add(of(pem, keys));
        }
        return List.copyOf(identities);
    }

    private static Identity of(PemFile pem, List<PrivateKey> keys) throws TlsProblem {
        if (pem.certificates().isEmpty()) {
            throw new TlsProblem(pem.path() + ": there is no certificate in it");
        }
        var own = pem.certificates().getFirst();
        for (var key : keys) {
            if (fits(key, own.getPublicKey())) {
                return new Identity(pem.certificates(), key, names(own));
            }
        }
        throw new TlsProblem(pem.path() + ": none of the private keys belongs to this certificate");
    }

    private static boolean fits(PrivateKey key, PublicKey certified) {
        var algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            var signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    private static Set<String> names(X509Certificate certificate) {
        var names = new LinkedHashSet<String>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (var name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == IP_ADDRESS)) {
                    names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (GeneralSecurityException unreadable) {
            // a certificate without names can still be the one for everybody
        }
        return Set.copyOf(names);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    boolean elliptic() {
        return certificate().getPublicKey().getAlgorithm().equals("EC");
    }

    /// How well it stands for `name`: 2 by the name itself, 1 by a wildcard, 0 not at all.
    int fit(String name) {
        if (names.contains(name)) {
            return 2;
        }
        int dot = name.indexOf('.');
        return dot > 0 && names.contains("*" + name.substring(dot)) ? 1 : 0;
    }

    /// For people who compare: SHA-256 over the certificate, as `AB:CD:…`.
    String fingerprint() {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(certificate().getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256, and the certificate was read from bytes", e);
        }
    }

    /// The identity for a client: by its name, else the one that comes first; of two for the same name, the one
    /// whose signature the client can check.
    static <T> T choose(List<T> all, Function<T, Identity> of, ClientHello hello) {
        int best = all.stream()
                .mapToInt(one -> of.apply(one).fit(hello.serverName()))
                .max()
                .orElse(0);
        var first = of.apply(all.getFirst());
        var candidates = all.stream()
                .filter(one -> best > 0
                        ? of.apply(one).fit(hello.serverName()) == best
                        : of.apply(one).standsFor(first))
                .toList();
        Optional<T> able = candidates.stream()
                .filter(one -> of.apply(one).elliptic() == hello.elliptic())
                .findFirst();
        return able.orElse(candidates.getFirst());
    }

    /// Whether it can take the place of `other` for its clients.
    private boolean standsFor(Identity other) {
        return equals(other) || (!other.names.isEmpty() && names.equals(other.names));
    }
}
