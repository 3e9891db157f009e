package dev.sluice.server.ports;

import dev.sluice.server.config.Doc;
import java.util.List;

/// Who may say in whose name it connects.
///
/// @param from networks of load balancers: each connection of theirs has to begin with a header
/// @param elsewhere what a header of anybody else does
@Doc("The PROXY protocol, versions 1 and 2: load balancers tell the address of the client.")
public record ProxySettings(
        @Doc(
                "Networks of the load balancers, as '192.0.2.0/24' or one address. Every connection of theirs has to begin "
                        + "with a header, and one without is refused: otherwise their clients could write one themselves.")
        List<String> from,

        @Doc("What a header from elsewhere does: 'refuse' ends the connection, 'ignore' skips the header.")
        Elsewhere elsewhere) {
    /// What `elsewhere` may be.
    public enum Elsewhere {
        REFUSE,
        IGNORE
    }

    public static final ProxySettings DEFAULTS = new ProxySettings(List.of(), Elsewhere.REFUSE);

    public ProxySettings {
        from = List.copyOf(from);
        from.forEach(text -> Network.parse("from", text));
    }

    List<Network> networks() {
        return from.stream().map(text -> Network.parse("from", text)).toList();
    }
}
