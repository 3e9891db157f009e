package dev.sluice.bench;

import java.net.URI;

/// What requests need of an address.
final class Urls {
    private Urls() {}

    /// Path and query as they are sent.
    static String pathOf(URI url) {
        var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    static int portOf(URI url) {
        return url.getPort() < 0 ? 80 : url.getPort();
    }
}
