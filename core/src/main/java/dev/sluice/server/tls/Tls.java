package dev.sluice.server.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates of the server: which one a client gets, and what happens when the files change. [#contextFor] is
/// called on event loops and never waits; files are read on virtual threads.
///
/// A set of files that cannot be used changes nothing: the certificates in use stay, and the log says why once for
/// each state of the files. So a certificate may be replaced file by file.
public final class Tls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tls.class);
    /// TLS is not spoken.
    public static final Tls NONE = new Tls();

    private static final Duration SOON = Duration.ofDays(14);
    private static final Duration TICKET_KEY = Duration.ofHours(1);
    /// Who got a context of the old set uses it at once; then its connections keep it themselves.
    private static final Duration LAST_USE = Duration.ofSeconds(10);

    private final TlsSettings settings;
    private final Path ownFile;
    private final @Nullable Thread watcher;
    private volatile @Nullable TlsContexts contexts;
    private @Nullable CompletableFuture<TlsContexts> making;

    private Tls() {
        settings = TlsSettings.DEFAULTS.disabled();
        ownFile = Path.of("");
        watcher = null;
    }

    private Tls(TlsSettings settings, Path data) throws TlsProblem {
        this.settings = settings;
        this.ownFile = data.resolve("tls").resolve("self-signed.pem");
        if (settings.enabled() && !settings.certificates().isEmpty()) {
            var seen = stamp();
            contexts = new TlsContexts(told(load()), settings);
            watcher = settings.reloadMs() == 0
                    ? null
                    : Thread.ofVirtual().name("tls-files").start(() -> watch(seen));
        } else {
            watcher = null;
        }
    }

    /// Reads the files that the settings name.
    ///
    /// @param data the folder for what the server keeps
    /// @throws TlsProblem with a sentence, when they cannot be used
    public static Tls start(TlsSettings settings, Path data) throws TlsProblem {
        return new Tls(settings, data);
    }

    public TlsSettings settings() {
        return settings;
    }

    /// What a connection with this first message is given. Later only where the server makes its own certificate
    /// first; then on another thread.
    public CompletionStage<SslContext> contextFor(ClientHello hello) {
        var ready = contexts;
        return ready != null
                ? CompletableFuture.completedFuture(ready.contextFor(hello))
                : own().thenApply(made -> made.contextFor(hello));
    }

    /// TLS for the one connection that began with this message and got this context.
    public SslHandler handler(SslContext context, ClientHello hello, ByteBufAllocator allocator) {
        var handler = context.newHandler(allocator);
        boolean resuming = settings.resumeS() > 0 && hello.tickets();
        if (!resuming && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        return handler;
    }

    /// Made once, for all who ask meanwhile; after a failure the next one tries again.
    private synchronized CompletableFuture<TlsContexts> own() {
        if (making == null || making.isCompletedExceptionally()) {
            var made = new CompletableFuture<TlsContexts>();
            making = made;
            Thread.ofVirtual().name("tls-self-signed").start(() -> makeOwn(made));
        }
        return making;
    }

    private void makeOwn(CompletableFuture<TlsContexts> made) {
        try {
            var identity = SelfSigned.at(ownFile, Instant.now());
            var own = new TlsContexts(List.of(identity), settings);
            contexts = own;
            log.warn(
                    "tls.self-signed sha256={} file={} until={}: for trying out; name your own in tls.certificates",
                    identity.fingerprint(),
                    ownFile,
                    identity.certificate().getNotAfter().toInstant());
            made.complete(own);
        } catch (TlsProblem | RuntimeException | LinkageError e) {
            log.error("tls.self-signed failed: {}", e.getMessage());
            made.completeExceptionally(e);
        }
    }

    // The files, on a thread of their own.

    private List<Identity> load() throws TlsProblem {
        return Identity.load(paths(settings.certificates()), paths(settings.keys()));
    }

    private static List<Path> paths(List<String> names) {
        return names.stream().map(Path::of).toList();
    }

    private List<Identity> told(List<Identity> identities) {
        for (var identity : identities) {
            var until = identity.certificate().getNotAfter().toInstant();
            log.info("tls.certificate names={} sha256={} until={}", identity.names(), identity.fingerprint(), until);
            if (until.isBefore(Instant.now().plus(SOON))) {
                log.warn("tls.certificate names={} ends {}: renew it", identity.names(), until);
            }
        }
        return identities;
    }

    private void watch(List<String> seenAtStart) {
        var seen = seenAtStart;
        var retired = new ArrayDeque<Retired>();
        var rotateAt = Instant.now().plus(TICKET_KEY);
        try {
            while (true) {
                Thread.sleep(settings.reloadMs());
                var found = stamp();
                if (!found.equals(seen)) {
                    seen = found;
                    reload(retired);
                }
                while (!retired.isEmpty()
                        && retired.element().since().plus(LAST_USE).isBefore(Instant.now())) {
                    retired.remove().contexts().release();
                }
                if (Instant.now().isAfter(rotateAt)) {
                    Optional.ofNullable(contexts).ifPresent(TlsContexts::rotateTickets);
                    rotateAt = Instant.now().plus(TICKET_KEY);
                }
            }
        } catch (InterruptedException stopped) {
            retired.forEach(old -> old.contexts().release());
        }
    }

    private void reload(Deque<Retired> retired) {
        try {
            var fresh = new TlsContexts(told(load()), settings);
            Optional.ofNullable(contexts).ifPresent(old -> retired.add(new Retired(old, Instant.now())));
            contexts = fresh;
        } catch (TlsProblem e) {
            log.error("tls.reload failed, the certificates from before stay: {}", e.getMessage());
        }
    }

    /// A set that no new connection gets.
    private record Retired(TlsContexts contexts, Instant since) {}

    /// What tells one state of the files from another: links are followed, as those of certbot.
    private List<String> stamp() {
        return Stream.of(settings.certificates(), settings.keys())
                .flatMap(List::stream)
                .map(name -> stamp(Path.of(name)))
                .toList();
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file) + " " + file.toRealPath();
        } catch (IOException e) {
            return "not there";
        }
    }

    /// After the last connection. Twice does no harm.
    @Override
    public void close() {
        if (watcher != null) {
            watcher.interrupt();
        }
        Optional.ofNullable(contexts).ifPresent(TlsContexts::release);
        contexts = null;
    }
}
