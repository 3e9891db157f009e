package dev.sluice.server.spi;

import java.net.InetAddress;
import java.util.Map;

/// Where every hit of a limit is reported, so that an operator finds all of them in one place: counted by
/// kind, and logged once per kind and period. Any thread; cheap, whatever an attacker does.
public interface Limits {
    /// Counts nothing.
    Limits NONE = new Limits() {
        @Override
        public void hit(String kind, InetAddress from) {}

        @Override
        public Map<String, Long> counts() {
            return Map.of();
        }
    };

    /// Somebody hit a limit.
    ///
    /// @param kind a constant of the program, in small letters with hyphens; never what a peer said. A
    ///     protocol's own kinds begin with its name
    void hit(String kind, InetAddress from);

    /// A limit of the centre was hit.
    default void hit(LimitKind kind, InetAddress from) {
        hit(kind.label(), from);
    }

    /// Hits since the start by kind, in the order of the alphabet. Every kind of the centre is in it,
    /// others once they were hit.
    Map<String, Long> counts();
}
