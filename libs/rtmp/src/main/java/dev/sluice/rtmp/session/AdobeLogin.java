package dev.sluice.rtmp.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// The login that encoders offer as "user" and "password": the server refuses three connects in a row, and each
/// refusal says what to send next. The password itself never travels, but all is built on MD5: against somebody who
/// listens it protects little.
///
/// Challenges are random, for one use, and only good for a minute. Any thread.
public final class AdobeLogin {
    /// What a connect asks for.
    public sealed interface Step {}

    /// Refuse the connect with this description; the client knows what it means and comes again.
    ///
    /// @param description for [ServerSession#refuse(int, String, String)]
    public record Refusal(String description) implements Step {}

    /// The client answered a challenge.
    ///
    /// @param user who he says he is; untrusted
    /// @param proves whether the answer was made with this password
    public record Answer(String user, Predicate<String> proves) implements Step {}

    private static final int MAX_OPEN_CHALLENGES = 10_000;
    private static final long CHALLENGE_LIFE_NS = 60_000_000_000L;
    private static final int MAX_USER_LENGTH = 256;
    private static final int CHALLENGE_BYTES = 8;
    /// Encoders look for these very words.
    private static final String NEED_LOGIN = "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] :";

    private static final String REJECT = "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=";

    private record Challenge(String user, String salt, long madeNs) {}

    private final SecureRandom random = new SecureRandom();
    /// By the opaque string that the client sends back. When it is full the oldest goes.
    private final Map<String, Challenge> open = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Challenge> eldest) {
            return size() > MAX_OPEN_CHALLENGES;
        }
    };

    /// Reads the parameters that a client puts behind its application.
    ///
    /// @param app as sent in `connect`, with its query
    /// @param nowNs monotonic time in nanoseconds
    public Step next(String app, long nowNs) {
        var parameters = parameters(app);
        var user = parameters.getOrDefault("user", "");
        if (!parameters.getOrDefault("authmod", "").equals("adobe") || user.isEmpty()) {
            return new Refusal(NEED_LOGIN);
        }
        if (user.length() > MAX_USER_LENGTH) {
            return failed();
        }
        var response = parameters.getOrDefault("response", "");
        return response.isEmpty() ? challenge(user, nowNs) : answer(user, response, parameters, nowNs);
    }

    /// What to say to a user whose password was wrong.
    public Refusal failed() {
        return new Refusal(REJECT + "authfailed");
    }

    private Refusal challenge(String user, long nowNs) {
        var salt = randomHex();
        var opaque = randomHex();
        synchronized (open) {
            open.put(opaque, new Challenge(user, salt, nowNs));
        }
        return new Refusal(
                REJECT + "needauth&user=" + user + "&salt=" + salt + "&challenge=" + randomHex() + "&opaque=" + opaque);
    }

    /// A challenge that was used, or grew old, is as good as none.
    private Step answer(String user, String response, Map<String, String> parameters, long nowNs) {
        var opaque = parameters.getOrDefault("opaque", "");
        Challenge made;
        synchronized (open) {
            made = open.remove(opaque);
        }
        if (made == null || !made.user().equals(user) || nowNs - made.madeNs() > CHALLENGE_LIFE_NS) {
            return failed();
        }
        var clientChallenge = parameters.getOrDefault("challenge", "");
        return new Answer(
                user,
                password -> MessageDigest.isEqual(
                        bytes(response(user, made.salt(), password, opaque, clientChallenge)), bytes(response)));
    }

    /// What a client computes.
    ///
    /// @param opaque of the server, or its challenge where it sent no opaque
    static String response(String user, String salt, String password, String opaque, String clientChallenge) {
        return md5(md5(user + salt + password) + opaque + clientChallenge);
    }

    private static String md5(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Clients do not decode what they send back, so it needs no encoding.
    private String randomHex() {
        var bytes = new byte[CHALLENGE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static Map<String, String> parameters(String app) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int mark = app.indexOf('?');
        if (mark >= 0) {
            for (String parameter : app.substring(mark + 1).split("[?&]", -1)) {
                int equals = parameter.indexOf('=');
                if (equals > 0) {
                    parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
                }
            }
        }
        return parameters;
    }
}
