package dev.sluice.plugin.page;

import dev.sluice.server.spi.Http.Exchange;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A file in memory, with what a browser needs to keep it and to ask whether it is still the same.
final class WebFile {
    private static final int ETAG_BYTES = 15;

    /// A host name or IPv4 address, with an optional port: what may stand in a source list as it is.
    private static final Pattern PLAIN_HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?");

    private final String path;
    private final String contentType;
    private final byte[] body;
    private final String etag;
    private final boolean page;

    private WebFile(String path, String contentType, byte[] body, boolean page) {
        this.path = path;
        this.contentType = contentType;
        this.body = body;
        this.etag = etagOf(body);
        this.page = page;
    }

    static WebFile of(String path, String contentType, byte[] body) {
        return new WebFile(path, contentType, body, false);
    }

    /// A document: it also says what it may load and from where.
    static WebFile page(String path, byte[] body) {
        return new WebFile(path, "text/html; charset=utf-8", body, true);
    }

    String path() {
        return path;
    }

    void serve(Exchange exchange) {
        var headers = new HashMap<>(Map.of(
                "ETag", etag,
                "Cache-Control", "no-cache",
                "X-Content-Type-Options", "nosniff"));
        if (page) {
            headers.put("Content-Security-Policy", securityPolicy(exchange));
            headers.put("Referrer-Policy", "no-referrer");
        }
        boolean known = exchange.header("If-None-Match").map(this::names).orElse(false);
        exchange.respond(known ? 304 : 200, contentType, headers, known ? new byte[0] : body);
    }

    /// Everything comes from this server; media is made by script (`blob:`); nobody else may frame the page. Some
    /// browsers do not count a WebSocket of the same host as `'self'`, so it is named, if the host can be.
    ///
    /// @spec https://www.w3.org/TR/CSP3/ Content Security Policy Level 3
    private static String securityPolicy(Exchange exchange) {
        var sockets = exchange.header("Host")
                .filter(host -> PLAIN_HOST.matcher(host).matches())
                .map(host -> " ws://" + host + " wss://" + host)
                .orElse("");
        return "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; "
                + "connect-src 'self'" + sockets + "; worker-src 'none'; object-src 'none'; base-uri 'none'; "
                + "form-action 'self'; frame-ancestors 'self'";
    }

    /// Weak comparison, as the header asks for; `*` never matches because nothing here depends on it.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 RFC 9110 §13.1.2
    private boolean names(String ifNoneMatch) {
        return Arrays.stream(ifNoneMatch.split(","))
                .map(tag -> tag.strip().replaceFirst("^W/", ""))
                .anyMatch(etag::equals);
    }

    private static String etagOf(byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, ETAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
