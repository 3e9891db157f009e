package dev.sluice.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Where a server listens, as people and scripts read it.
final class Listeners {
    /// The two that have an option of their own come first in the ready line.
    private static final List<String> FIRST = List.of("rtmp", "http");

    private Listeners() {}

    /// The one line that says that the server accepts.
    static String readyLine(Map<String, InetSocketAddress> listeners, long pid) {
        var shown = listeners.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, InetSocketAddress>>comparingInt(e -> rank(e.getKey()))
                        .thenComparing(Map.Entry::getKey))
                .map(e -> e.getKey() + "="
                        + hostPort(e.getValue().getAddress(), e.getValue().getPort()))
                .collect(Collectors.joining(" "));
        return "sluice ready " + shown + " pid=" + pid;
    }

    private static int rank(String name) {
        int index = FIRST.indexOf(name);
        return index < 0 ? FIRST.size() : index;
    }

    /// An address that a program on this machine can connect to: 0.0.0.0 is none.
    static String reachable(InetSocketAddress listener) {
        var address = listener.getAddress();
        return hostPort(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, listener.getPort());
    }

    private static String hostPort(InetAddress address, int port) {
        var host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
