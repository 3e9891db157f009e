package dev.sluice.rtmp;

import java.util.Locale;

/// Where a client connects and what it asks for: `rtmp://host[:port]/application[/…]/stream[?query]`.
///
/// The query stays with the stream name, as encoders send it. User names in the address are dropped.
/// [#toString()] leaves the query out, because it may hold a key.
///
/// @param host name or address; an IPv6 address without brackets
/// @param port TCP port
/// @param app application, all segments but the last
/// @param name stream name with its query
public record RtmpUrl(String host, int port, String app, String name) {
    public static final int DEFAULT_PORT = 1935;

    private static final String SCHEME = "rtmp://";

    /// Takes an address apart.
    ///
    /// @throws IllegalArgumentException with a readable sentence if this is no usable RTMP address
    public static RtmpUrl parse(String url) {
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new IllegalArgumentException("An RTMP address begins with rtmp://");
        }
        int slash = url.indexOf('/', SCHEME.length());
        String authority = slash < 0 ? "" : url.substring(SCHEME.length(), slash);
        authority = authority.substring(authority.lastIndexOf('@') + 1);
        String path = slash < 0 ? "" : url.substring(slash + 1);
        int mark = path.indexOf('?');
        String query = mark < 0 ? "" : path.substring(mark);
        String names = mark < 0 ? path : path.substring(0, mark);
        int last = names.lastIndexOf('/');
        if (last <= 0 || last == names.length() - 1) {
            throw new IllegalArgumentException(
                    "An RTMP address names an application and a stream: rtmp://host/live/name");
        }
        return new RtmpUrl(
                hostOf(authority), portOf(authority), names.substring(0, last), names.substring(last + 1) + query);
    }

    /// The address without the stream, as `connect` carries it.
    public String tcUrl() {
        String shownHost = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return SCHEME + shownHost + (port == DEFAULT_PORT ? "" : ":" + port) + "/" + app;
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

    private static int portOf(String authority) {
        int colon = portColon(authority);
        if (colon < 0) {
            return DEFAULT_PORT;
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
