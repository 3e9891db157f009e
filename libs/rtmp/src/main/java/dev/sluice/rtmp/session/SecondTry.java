package dev.sluice.rtmp.session;

import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.amf.AmfValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Reads from a refused `connect` whether the server expects us again: at another address, or with the next of the
/// three steps of a login: Adobe's, or that of Limelight, which is HTTP's digest in other words.
final class SecondTry {
    private static final int MOVED = 302;
    private static final String ADOBE = "authmod=adobe";
    private static final String LIMELIGHT = "authmod=llnw";

    private SecondTry() {}

    /// @param info the status object of the refusal
    /// @param clientChallenge random, for one login
    /// @return empty if the refusal is final
    static Optional<ClientRequest> after(ClientRequest refused, AmfValue.Obj info, String clientChallenge) {
        if (info.properties().get("ex") instanceof AmfValue.Obj elsewhere
                && elsewhere.number("code").orElse(0.0) == MOVED) {
            return elsewhere
                    .string("redirect")
                    .or(() -> elsewhere.string("redirect2"))
                    .filter(tcUrl -> !tcUrl.isEmpty())
                    .flatMap(refused.url()::at)
                    .map(refused::at);
        }
        String description = info.string("description").orElse("");
        if (refused.url().login().user().isEmpty()) {
            return Optional.empty();
        }
        String module = description.contains(ADOBE) ? ADOBE : LIMELIGHT;
        return description.contains(module)
                ? login(refused, module, description, clientChallenge).map(refused::withConnectQuery)
                : Optional.empty();
    }

    /// Who was refused with an answer has the wrong password: trying again would go on for ever.
    private static Optional<String> login(
            ClientRequest refused, String module, String description, String clientChallenge) {
        String who = "?" + module + "&user=" + refused.url().login().user();
        if (refused.connectQuery().isEmpty() && description.contains("code=403 need auth")) {
            return Optional.of(who);
        }
        Map<String, String> asked = parameters(description);
        if (refused.connectQuery().contains("&response=")
                || !asked.getOrDefault("reason", "").equals("needauth")) {
            return Optional.empty();
        }
        return Optional.of(who
                + (module.equals(ADOBE)
                        ? adobe(refused.url().login(), asked, clientChallenge)
                        : limelight(refused.url(), asked, clientChallenge)));
    }

    private static String adobe(RtmpUrl.Login login, Map<String, String> asked, String clientChallenge) {
        String opaque = asked.getOrDefault("opaque", "");
        String hashed = opaque.isEmpty() ? asked.getOrDefault("challenge", "") : opaque;
        String salt = asked.getOrDefault("salt", "");
        String response = AdobeLogin.response(login.user(), salt, login.password(), hashed, clientChallenge);
        String answer = "&challenge=" + clientChallenge + "&response=" + response;
        return opaque.isEmpty() ? answer : answer + "&opaque=" + opaque;
    }

    private static String limelight(RtmpUrl url, Map<String, String> asked, String clientChallenge) {
        String nonce = asked.getOrDefault("nonce", "");
        String response = LimelightLogin.response(url.login(), url.app(), nonce, clientChallenge);
        return "&nonce=" + nonce + "&cnonce=" + clientChallenge + "&nc=" + LimelightLogin.COUNT + "&response="
                + response;
    }

    /// Nothing in them is decoded.
    private static Map<String, String> parameters(String description) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter :
                description.substring(description.indexOf('?') + 1).split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parameter.substring(0, equals),
                        parameter.substring(equals + 1).strip());
            }
        }
        return parameters;
    }
}
