package dev.sluice.server.ports;

import java.util.Locale;

/// Which limit a connection hit.
public enum LimitKind {
    UNAUTHENTICATED_PER_ADDRESS,
    UNAUTHENTICATED_TOTAL,
    CONNECTIONS_PER_ADDRESS,
    CONNECTIONS_TOTAL,
    NEW_PER_ADDRESS,
    FIRST_BYTES_TIMEOUT;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
