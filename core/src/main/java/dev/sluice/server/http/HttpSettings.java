package dev.sluice.server.http;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import java.util.List;

/// Settings of the HTTP front.
///
/// @param port 0 takes a free one
/// @param hosts names, besides `localhost`, under which requests over loopback are answered
/// @param origins web origins whose pages may fetch media; `*` is any, but not over loopback and not for
///     WebSockets
/// @param maxRequestHeaderBytes request line and all headers
/// @param requestHeadTimeoutMs from the first byte of a request to the end of its headers, however slowly they
///     drip
/// @param idleTimeoutMs without a byte either way; does not concern viewers of endless answers
/// @param maxPipelinedRequests requests that may wait on one connection for the answer before
@Doc("Media and page over HTTP.")
public record HttpSettings(
        @Doc("Port of media over HTTP and of the page; 0 takes a free one.") @Range(min = 0, max = 65535)
        int port,

        @Doc("Host names, besides localhost, under which requests over loopback are answered, such as the name that a "
                + "proxy on this machine forwards.")
        List<String> hosts,

        @Doc("Web origins whose pages may fetch media, such as 'https://www.example.com'; '*' is any. Over loopback, "
                + "and for WebSockets, '*' does not count: name the origin.")
        List<String> origins,

        @Doc("Bytes of a request line with all its headers.") @Range(min = 1024, max = 1_048_576)
        int maxRequestHeaderBytes,

        @Doc("Milliseconds from the first byte of a request to the end of its headers.") @Range(min = 10, max = 600_000)
        int requestHeadTimeoutMs,

        @Doc("Milliseconds without a byte either way until a connection is closed; viewers of live streams excepted.")
        @Range(min = 1000, max = 3_600_000)
        int idleTimeoutMs,

        @Doc("Requests that may wait on one connection for the answer before.") @Range(min = 1, max = 1000)
        int maxPipelinedRequests) {
    public static final HttpSettings DEFAULTS =
            new HttpSettings(8080, List.of(), List.of("*"), 16 * 1024, 10_000, 60_000, 16);

    public HttpSettings {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }

    HttpSettings withPort(int other) {
        return new HttpSettings(
                other,
                hosts,
                origins,
                maxRequestHeaderBytes,
                requestHeadTimeoutMs,
                idleTimeoutMs,
                maxPipelinedRequests);
    }
}
