package dev.sluice.rtmp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an address says about the way: who carries the RTMP bytes, and what scrambles or protects them.
public enum RtmpScheme {
    RTMP(1935, Carrier.TCP),
    RTMPS(443, Carrier.TCP),
    /// Scrambled, which protects nothing.
    RTMPE(1935, Carrier.TCP),
    RTMPT(80, Carrier.HTTP),
    RTMPTS(443, Carrier.HTTP),
    RTMPTE(80, Carrier.HTTP),
    WS(80, Carrier.WEB_SOCKET),
    WSS(443, Carrier.WEB_SOCKET);

    /// Who carries the bytes.
    public enum Carrier {
        TCP,
        /// As bodies of POST requests.
        HTTP,
        /// As binary messages.
        WEB_SOCKET
    }

    private final int defaultPort;
    private final Carrier carrier;

    RtmpScheme(int defaultPort, Carrier carrier) {
        this.defaultPort = defaultPort;
        this.carrier = carrier;
    }

    /// Such as `rtmp`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The TCP port of an address that names none.
    public int defaultPort() {
        return defaultPort;
    }

    public Carrier carrier() {
        return carrier;
    }

    /// Whether the connection below is TLS.
    public boolean tls() {
        return switch (this) {
            case RTMPS, RTMPTS, WSS -> true;
            case RTMP, RTMPE, RTMPT, RTMPTE, WS -> false;
        };
    }

    /// Whether the bytes are scrambled (RTMPE).
    public boolean scrambled() {
        return switch (this) {
            case RTMPE, RTMPTE -> true;
            case RTMP, RTMPS, RTMPT, RTMPTS, WS, WSS -> false;
        };
    }

    /// The scheme of an address, in any case; empty if it is none of these.
    public static Optional<RtmpScheme> of(String url) {
        return Arrays.stream(values()).filter(scheme -> scheme.begins(url)).findFirst();
    }

    private boolean begins(String url) {
        String start = label() + "://";
        return url.regionMatches(true, 0, start, 0, start.length());
    }

    /// For a sentence: `rtmp://, rtmps://, …`.
    static String all() {
        return Arrays.stream(values()).map(scheme -> scheme.label() + "://").collect(Collectors.joining(", "));
    }
}
