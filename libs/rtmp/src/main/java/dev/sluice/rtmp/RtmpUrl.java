package dev.sluice.rtmp;

import java.util.Locale;
import java.util.Optional;

/// Where a client connects and what it asks for: `rtmp://host[:port]/application[/…]/stream[?query]`, or with another
/// [RtmpScheme].
///
/// The query stays with the stream name, as encoders send it. User and password stay apart and are never sent
/// as they are. [#toString()] leaves them and the query out, because it may hold a key.
///
/// @param scheme who carries the bytes
/// @param host name or address; an IPv6 address without brackets
/// @param port TCP port
/// @param app application, all segments but the last
/// @param name stream name with its query
/// @param login who connects; [Login#NONE] if the address names nobody
public record RtmpUrl(RtmpScheme scheme, String host, int port, String app, String name, Login login) {
    /// User and password, as written: clients of the Adobe login decode neither.
    public record Login(String user, String password) {
        public static final Login NONE = new Login("", "");

        /// Without the password.
        @Override
        public String toString() {
            return user;
        }
    }

    public static final int DEFAULT_PORT = 1935;

    /// A plain address that names no user.
    public RtmpUrl(String host, int port, String app, String name) {
        this(host, port, app, name, Login.NONE);
    }

    /// A plain address.
    public RtmpUrl(String host, int port, String app, String name, Login login) {
        this(RtmpScheme.RTMP, host, port, app, name, login);
    }

    /// Takes an address apart.
    ///
    /// @throws IllegalArgumentException with a readable sentence if this is no usable RTMP address
    public static RtmpUrl parse(String url) {
        RtmpScheme scheme = RtmpScheme.of(url)
                .orElseThrow(
                        () -> new IllegalArgumentException("An RTMP address begins with one of " + RtmpScheme.all()));
        int start = scheme.label().length() + "://".length();
        int slash = url.indexOf('/', start);
        String authority = slash < 0 ? "" : url.substring(start, slash);
        int at = authority.lastIndexOf('@');
        Login login = loginOf(authority.substring(0, Math.max(at, 0)));
        authority = authority.substring(at + 1);
        String path = slash < 0 ? "" : url.substring(slash + 1);
        int mark = path.indexOf('?');
        String query = mark < 0 ? "" : path.substring(mark);
        String names = mark < 0 ? path : path.substring(0, mark);
        int last = names.lastIndexOf('/');
        if (last <= 0 || last == names.length() - 1) {
            throw new IllegalArgumentException(
                    "An RTMP address names an application and a stream: rtmp://host/live/name");
        }
        String name = names.substring(last + 1) + query;
        int port = portOf(authority, scheme.defaultPort());
        return new RtmpUrl(scheme, hostOf(authority), port, names.substring(0, last), name, login);
    }

    /// The same stream at another address, which a server sent. Whoever it belongs to learns no more about the
    /// password than the first server could, so the login goes along.
    ///
    /// @param tcUrl `rtmp://host[:port]/app`, `//host[:port]/app`, `/app`, or empty for this address
    /// @return empty if it is none of these
    public Optional<RtmpUrl> at(String tcUrl) {
        if (tcUrl.isEmpty()) {
            return Optional.of(this);
        }
        String absolute = tcUrl;
        if (tcUrl.startsWith("//")) {
            absolute = scheme.label() + ":" + tcUrl;
        } else if (tcUrl.startsWith("/")) {
            absolute = scheme.label() + "://" + authority() + tcUrl;
        }
        try {
            RtmpUrl other = parse((absolute.endsWith("/") ? absolute : absolute + "/") + "-");
            return Optional.of(new RtmpUrl(other.scheme, other.host, other.port, other.app, name, login));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Login loginOf(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new Login(userInfo, "")
                : new Login(userInfo.substring(0, colon), userInfo.substring(colon + 1));
    }

    /// The address without the stream, as `connect` carries it.
    public String tcUrl() {
        return scheme.label() + "://" + authority() + "/" + app;
    }

    private String authority() {
        String shownHost = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return shownHost + (port == scheme.defaultPort() ? "" : ":" + port);
    }

    private static String hostOf(String authority) {
        int end = portColon(authority);
        String host = end < 0 ? authority : authority.substring(0, end);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()) {
            throw new IllegalArgumentException("An RTMP address names a host: rtmp://host/live/name");
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static int portOf(String authority, int defaultPort) {
        int colon = portColon(authority);
        if (colon < 0) {
            return defaultPort;
        }
        String digits = authority.substring(colon + 1);
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("The port of an RTMP address is a number from 1 to 65535");
        }
        return port;
    }

    private static int portColon(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }

    @Override
    public String toString() {
        int mark = name.indexOf('?');
        return tcUrl() + "/" + (mark < 0 ? name : name.substring(0, mark));
    }
}
