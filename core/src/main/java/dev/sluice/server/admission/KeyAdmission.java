package dev.sluice.server.admission;

import dev.sluice.hub.StreamName;
import dev.sluice.server.admission.FailedAttempts.Guesser;
import dev.sluice.server.spi.Admission;
import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.PerApp;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/// Admission by the settings of the application: anyone may play, and `publish` says who may publish.
///
/// A publisher with a key sends it as the query parameter `key`. Keys are compared as SHA-256 digests in
/// constant time, and a name that has no key costs the same as one that has, so an answer tells nothing about
/// which names exist. Any thread; answers at once.
public final class KeyAdmission implements Admission {
    private static final int MAX_REMEMBERED_FAILURES = 10_000;
    private static final String KEY_PARAMETER = "key";

    private final PerApp<AppSettings> apps;
    private final Map<StreamName, byte[]> digests = new HashMap<>();
    private final FailedAttempts failedAttempts = new FailedAttempts(MAX_REMEMBERED_FAILURES);
    private final LongSupplier nowNs;

    /// @param appNames the applications that may have keys
    /// @param nowNs monotonic time in nanoseconds
    public KeyAdmission(PerApp<AppSettings> apps, Collection<String> appNames, LongSupplier nowNs) {
        this.apps = apps;
        this.nowNs = nowNs;
        for (var app : appNames) {
            apps.of(app).keys().forEach((name, key) -> digests.put(new StreamName(app, name), digest(key)));
        }
    }

    @Override
    public CompletionStage<Verdict> decide(AccessRequest request) {
        return CompletableFuture.completedFuture(verdict(request));
    }

    private Verdict verdict(AccessRequest request) {
        var problem = StreamName.problem(request.app(), request.name());
        if (problem.isPresent()) {
            return new Refused(400, problem.get());
        }
        var stream = new StreamName(request.app(), request.name());
        return switch (request.action()) {
            case PLAY -> new Granted(stream);
            case PUBLISH -> publish(request, stream);
        };
    }

    private Verdict publish(AccessRequest request, StreamName stream) {
        return switch (apps.of(stream.app()).publish()) {
            case OPEN -> new Granted(stream);
            case LOOPBACK ->
                isLoopback(request.remote())
                        ? new Granted(stream)
                        : new Refused(
                                403,
                                "only programs on the server's own machine may publish to '" + stream.app()
                                        + "'; the setting 'publish' changes that");
            case KEYS -> withKey(request, stream);
        };
    }

    private Verdict withKey(AccessRequest request, StreamName stream) {
        var address = request.remote().getAddress();
        if (address == null) {
            return new Refused(403, "the address of the publisher is not known");
        }
        long now = nowNs.getAsLong();
        var guesser = Guesser.of(address, stream.toString());
        long blockedSeconds = failedAttempts.blockedSeconds(guesser, now);
        if (blockedSeconds > 0) {
            return new Refused(429, "too many wrong keys for '" + stream + "'; try again in " + blockedSeconds + " s");
        }
        if (matches(request.query().getOrDefault(KEY_PARAMETER, ""), stream)) {
            failedAttempts.succeeded(guesser);
            return new Granted(stream);
        }
        failedAttempts.failed(guesser, now);
        return new Refused(
                403,
                "publishing to '" + stream + "' needs its key: use the stream key " + stream.name() + "?key=SECRET");
    }

    private boolean matches(String offered, StreamName stream) {
        var wanted = digests.get(stream);
        var offeredDigest = digest(offered);
        // An unknown name is compared too, with a digest that cannot match because its last bit is turned.
        var against = wanted == null ? turned(offeredDigest) : wanted;
        return MessageDigest.isEqual(offeredDigest, against);
    }

    private static byte[] turned(byte[] digest) {
        var other = digest.clone();
        other[other.length - 1] ^= 1;
        return other;
    }

    private static boolean isLoopback(InetSocketAddress remote) {
        return remote.getAddress() != null && remote.getAddress().isLoopbackAddress();
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
