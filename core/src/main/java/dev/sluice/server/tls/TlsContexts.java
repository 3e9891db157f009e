package dev.sluice.server.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// One context of the TLS library for each identity, made from the same files at the same time. Immutable but for
/// [#rotateTickets()]; any thread. Who made it releases it.
///
/// Sessions are resumed by tickets alone: the server keeps nothing of a client. The keys of tickets belong to one
/// set of contexts, so that nobody gets past a new certificate with a ticket from before.
final class TlsContexts {
    private static final String HTTP_1 = "http/1.1";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<Chosen> all;
    private final boolean resuming;
    private final List<OpenSslSessionTicketKey> tickets = new ArrayList<>();

    private record Chosen(Identity identity, SslContext context) {}

    TlsContexts(List<Identity> identities, TlsSettings settings) throws TlsProblem {
        var made = new ArrayList<Chosen>();
        for (var identity : identities) {
            made.add(new Chosen(identity, context(identity, settings)));
        }
        all = List.copyOf(made);
        resuming = settings.resumeS() > 0;
        rotateTickets();
    }

    /// Whether the native library is here; otherwise that of the JDK is used.
    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    private static SslContext context(Identity identity, TlsSettings settings) throws TlsProblem {
        var versions = switch (settings.oldest()) {
            case TLS12 -> List.of("TLSv1.3", "TLSv1.2");
            case TLS13 -> List.of("TLSv1.3");
        };
        try {
            var context = SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(provider())
                    .protocols(versions)
                    .ciphers(ciphers(settings), SupportedCipherSuiteFilter.INSTANCE)
                    .sessionTimeout(Math.max(1, settings.resumeS()))
                    // What HTTP needs to know; who offers nothing or something else gets no answer, and may go on.
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            HTTP_1))
                    .build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false);
            } else if (settings.resumeS() == 0) {
                context.sessionContext().setSessionCacheSize(1);
            }
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsProblem("TLS cannot use the certificate for " + identity.names() + ": " + e.getMessage(), e);
        }
    }

    private static List<String> ciphers(TlsSettings settings) throws TlsProblem {
        var wanted = settings.ciphers().isEmpty() ? TlsSettings.SAFE_CIPHERS : settings.ciphers();
        var known = known();
        for (var cipher : settings.ciphers()) {
            if (!known.contains(cipher)) {
                throw new TlsProblem("tls.ciphers: there is no '" + cipher + "'; there are "
                        + String.join(", ", new TreeSet<>(known)));
            }
        }
        var all = new ArrayList<>(
                List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"));
        all.addAll(wanted);
        return all;
    }

    private static List<String> known() {
        try {
            return provider() == SslProvider.JDK
                    ? List.of(
                            SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
                    : List.copyOf(OpenSsl.availableJavaCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has a TLS of its own", e);
        }
    }

    SslContext contextFor(ClientHello hello) {
        return Identity.choose(all, Chosen::identity, hello).context();
    }

    /// Makes a new key for tickets; those of the key before are still taken. On one thread.
    void rotateTickets() {
        if (!resuming) {
            return; // nobody is given a ticket, see Tls
        }
        tickets.addFirst(new OpenSslSessionTicketKey(
                random(OpenSslSessionTicketKey.NAME_SIZE),
                random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                random(OpenSslSessionTicketKey.AES_KEY_SIZE)));
        while (tickets.size() > 2) {
            tickets.removeLast();
        }
        for (var chosen : all) {
            if (chosen.context().sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setTicketKeys(tickets.toArray(OpenSslSessionTicketKey[]::new));
            }
        }
    }

    private static byte[] random(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    void release() {
        all.forEach(chosen -> ReferenceCountUtil.release(chosen.context()));
    }
}
