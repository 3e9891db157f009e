package dev.sluice.server.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which hosts are answered and which web pages may read the answer. A browser on this machine reaches loopback
/// for any page of the world, and a foreign name may be pointed at 127.0.0.1: so over loopback the Host has to be
/// local, and only local pages get CORS headers.
final class OriginPolicy {
    private static final String ANY = "*";
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(?:\\.\\d{1,3}){3}");
    private static final Pattern PORT = Pattern.compile(":\\d{0,5}$");
    /// The only form that is believed, and the only one that is ever written back. Group 1 is the host.
    private static final Pattern WEB_ORIGIN =
            Pattern.compile("https?://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::\\d{1,5})?", Pattern.CASE_INSENSITIVE);

    private static final int MAX_SHOWN = 100;

    private final Set<String> hosts;
    private final Set<String> origins;
    private final boolean anyOrigin;

    OriginPolicy(List<String> hosts, List<String> origins) {
        this.hosts = hosts.stream().map(OriginPolicy::lower).collect(Collectors.toUnmodifiableSet());
        this.origins = origins.stream().map(OriginPolicy::lower).collect(Collectors.toUnmodifiableSet());
        this.anyOrigin = origins.contains(ANY);
    }

    /// Why a request with this Host is not answered; empty when it is. Only loopback is in danger.
    Optional<String> hostProblem(boolean overLoopback, String host) {
        var name = hostName(host);
        if (!overLoopback || isLoopback(name) || hosts.contains(name) || hosts.contains(lower(host))) {
            return Optional.empty();
        }
        return Optional.of("this server answers on loopback only; add '" + shown(name)
                + "' to http.hosts if it is a name of this machine that a proxy forwards");
    }

    /// Why a WebSocket of this Origin is refused; empty when it is not. Programs other than browsers send none.
    Optional<String> webSocketProblem(String host, Optional<String> origin) {
        return foreignOrigin(host, origin, "open WebSockets");
    }

    /// The same for whatever else changes something.
    ///
    /// @param may what is refused, for the sentence
    Optional<String> foreignOrigin(String host, Optional<String> origin, String may) {
        if (origin.isEmpty()) {
            return Optional.empty();
        }
        var from = lower(origin.get());
        var page = originHost(origin.get());
        if (page.isPresent() && (page.get().equals(hostName(host)) || origins.contains(from))) {
            return Optional.empty();
        }
        return Optional.of(
                "pages of '" + shown(from) + "' may not " + may + " here; add it to http.origins if they should");
    }

    /// The headers that let a page of `origin` read an answer.
    Map<String, String> corsHeaders(boolean overLoopback, Optional<String> origin) {
        if (anyOrigin && !overLoopback) {
            return allow(ANY, false);
        }
        return origin.filter(from -> mayRead(overLoopback, from))
                .map(from -> allow(from, true))
                .orElse(Map.of("Vary", "Origin"));
    }

    private static Map<String, String> allow(String origin, boolean varies) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Origin", origin);
        headers.put("Access-Control-Expose-Headers", "Content-Length, Content-Range, Date");
        if (varies) {
            headers.put("Vary", "Origin");
        }
        return headers;
    }

    private boolean mayRead(boolean overLoopback, String origin) {
        var page = originHost(origin);
        return page.isPresent() && (origins.contains(lower(origin)) || (overLoopback && isLoopback(page.get())));
    }

    /// `https://Example.com:8443` → `example.com`; nothing for `null`, other schemes, and what no browser sends.
    private static Optional<String> originHost(String origin) {
        var form = WEB_ORIGIN.matcher(origin);
        return form.matches() ? Optional.of(lower(form.group(1))) : Optional.empty();
    }

    /// Host without port, in lower case; brackets of IPv6 stay.
    private static String hostName(String hostAndPort) {
        return PORT.matcher(lower(hostAndPort)).replaceFirst("");
    }

    private static boolean isLoopback(String name) {
        return name.equals("localhost")
                || name.equals("[::1]")
                || LOOPBACK_V4.matcher(name).matches();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// Somebody else's words in our sentence: short and printable.
    private static String shown(String text) {
        var printable = text.replaceAll("[^\\x21-\\x7e]", "?");
        return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "…";
    }
}
