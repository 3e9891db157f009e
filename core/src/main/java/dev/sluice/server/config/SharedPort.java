package dev.sluice.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/// A port, with or without an address of its own: `443`, `192.0.2.1:443`, `[2001:db8::1]:443`.
final class SharedPort {
    private static final Pattern FORM = Pattern.compile("(?:(\\[[0-9a-fA-F:.]+]|[0-9.]+|localhost):)?([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    private SharedPort() {}

    /// @param usual the address of one that names none
    /// @throws IllegalArgumentException with a sentence, if it is none of these
    static InetSocketAddress parse(String text, InetAddress usual) {
        var form = FORM.matcher(text);
        if (form.matches() && Integer.parseInt(form.group(2)) <= MAX_PORT) {
            var address = form.group(1) == null ? usual : address(form.group(1), text);
            return new InetSocketAddress(address, Integer.parseInt(form.group(2)));
        }
        throw notOne(text);
    }

    private static InetAddress address(String written, String text) {
        try {
            return ListenAddress.parse(written.replaceAll("[\\[\\]]", ""));
        } catch (IllegalArgumentException e) {
            throw notOne(text);
        }
    }

    private static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException(
                "sharedPorts must hold ports such as 443, 192.0.2.1:443 or [::]:443, not " + Quoted.text(text));
    }
}
