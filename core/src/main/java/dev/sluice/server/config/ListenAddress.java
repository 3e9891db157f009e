package dev.sluice.server.config;

import java.net.InetAddress;

/// The address to listen on. Only literals and `localhost`: asking DNS would make safety depend on somebody's
/// answer.
final class ListenAddress {
    private ListenAddress() {}

    /// @throws IllegalArgumentException with a sentence, if it is neither
    static InetAddress parse(String text) {
        if (text.equals("localhost")) {
            return InetAddress.getLoopbackAddress();
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notALiteral) {
            throw new IllegalArgumentException(
                    "listen must be an IP address such as 127.0.0.1, 0.0.0.0 or ::, not " + Quoted.text(text),
                    notALiteral);
        }
    }
}
