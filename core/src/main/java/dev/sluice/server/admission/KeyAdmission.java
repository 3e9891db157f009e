package dev.sluice.server.admission;

import dev.sluice.hub.StreamName;
import dev.sluice.server.admission.FailedAttempts.Guesser;
import dev.sluice.server.spi.Admission;
import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Limits;
import dev.sluice.server.spi.PerApp;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/// Admission by the settings of the application: anyone may play, and `publish` says who may publish.
///
/// A publisher with a key sends it as the query parameter `key`. Keys are compared as SHA-256 digests in
/// constant time, and a name that has no key costs the same as one that has, so an answer tells nothing about
/// which names exist. A publisher who has logged in as a user of the application needs no key. Any thread; answers
/// at once.
public final class KeyAdmission implements Admission {
    private static final int MAX_REMEMBERED_FAILURES = 10_000;
    private static final String KEY_PARAMETER = "key";
    /// Where only the application is to be judged.
    private static final String ANY_NAME = "x";

    private final PerApp<AppSettings> apps;
    private final Map<StreamName, byte[]> digests = new HashMap<>();
    private final FailedAttempts failedAttempts;
    private final Limits limits;
    private final LongSupplier nowNs;

    /// @param appNames the applications that may have keys
    /// @param limits told whenever somebody is refused because of earlier failures
    /// @param nowNs monotonic time in nanoseconds
    public KeyAdmission(
            PerApp<AppSettings> apps,
            Collection<String> appNames,
            AdmissionSettings settings,
            Limits limits,
            LongSupplier nowNs) {
        this.apps = apps;
        this.failedAttempts = new FailedAttempts(settings, MAX_REMEMBERED_FAILURES);
        this.limits = limits;
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

    @Override
    public boolean wantsLogin(String app) {
        return !apps.of(app).users().isEmpty();
    }

    @Override
    public CompletionStage<Optional<Refused>> login(LoginRequest request) {
        var problem = StreamName.problem(request.app(), ANY_NAME);
        var refused = problem.map(why -> new Refused(400, why)).or(() -> loginRefused(request));
        return CompletableFuture.completedFuture(refused);
    }

    /// The same answer for a user that does not exist, after the same work.
    private Optional<Refused> loginRefused(LoginRequest request) {
        var what = request.app() + " as " + request.user();
        var password = apps.of(request.app()).users().get(request.user());
        boolean right = request.proves().test(password == null ? "" : password) && password != null;
        return judged(request.remote(), what, right, "the user name or password for '" + request.app() + "' is wrong");
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
            case KEYS -> isUser(request) ? new Granted(stream) : withKey(request, stream);
        };
    }

    private boolean isUser(AccessRequest request) {
        return apps.of(request.app()).users().containsKey(request.user());
    }

    private Verdict withKey(AccessRequest request, StreamName stream) {
        boolean right = matches(request.query().getOrDefault(KEY_PARAMETER, ""), stream);
        var why = "publishing to '" + stream + "' needs its key: use the stream key " + stream.name() + "?key=SECRET";
        var refused = judged(request.remote(), stream.toString(), right, why);
        return refused.isPresent() ? refused.get() : new Granted(stream);
    }

    /// Counts who was wrong, and refuses who was wrong too often, even if he is right now.
    ///
    /// @param what he tried to get, such as `app/name`
    /// @param why the answer to who was wrong
    private Optional<Refused> judged(InetSocketAddress remote, String what, boolean right, String why) {
        var address = remote.getAddress();
        if (address == null) {
            return Optional.of(new Refused(403, "the address of the publisher is not known"));
        }
        long now = nowNs.getAsLong();
        var guesser = Guesser.of(address, what);
        long blockedSeconds = failedAttempts.blockedSeconds(guesser, now);
        if (blockedSeconds > 0) {
            limits.hit(LimitKind.FAILED_LOGINS, address);
            return Optional.of(
                    new Refused(429, "too many failures for '" + what + "'; try again in " + blockedSeconds + " s"));
        }
        if (right) {
            failedAttempts.succeeded(guesser);
            return Optional.empty();
        }
        failedAttempts.failed(guesser, now);
        return Optional.of(new Refused(403, why));
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
