package dev.sluice.server.config;

import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.AppSettings.PublishPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// What holds for the whole server; the keys at the top of the configuration file.
///
/// @param listen an IP address, or `localhost`
/// @param sharedPorts `PORT`, on the address of `listen`, or `ADDRESS:PORT`
/// @param publish who may publish where an application says nothing
/// @param data a folder, relative to the working directory
public record ServerSettings(
        @Doc(
                "Address to listen on. Anything but loopback also needs 'publish'; 0.0.0.0 is every address of this machine.")
        String listen,

        @Doc(
                "Further ports, on each of which everything is recognised that has a port of its own here, in the clear and "
                        + "inside TLS: '443', '192.0.2.1:80' or '[::]:443'.")
        List<String> sharedPorts,

        @Doc("Who may publish: 'loopback' (anyone on this machine), 'keys' (who knows the stream's key, see apps), "
                + "'open' (anyone who can reach the server).")
        PublishPolicy publish,

        @Doc("Folder for what the server keeps on disk; made when something is kept.")
        String data) {
    public static final ServerSettings DEFAULTS =
            new ServerSettings("127.0.0.1", List.of(), AppSettings.DEFAULTS.publish(), "data");

    public ServerSettings {
        ListenAddress.parse(listen);
        sharedPorts = List.copyOf(sharedPorts);
        sharedPorts.forEach(text -> SharedPort.parse(text, ListenAddress.parse(listen)));
        if (data.isBlank()) {
            throw new IllegalArgumentException("data must name a folder");
        }
    }

    public InetAddress listenAddress() {
        return ListenAddress.parse(listen);
    }

    /// Where the shared ports are opened.
    public List<InetSocketAddress> sharedAddresses() {
        return sharedPorts.stream()
                .map(text -> SharedPort.parse(text, listenAddress()))
                .toList();
    }

    /// Whether only programs on this machine can reach the server.
    public boolean loopbackOnly() {
        return openTo().isEmpty();
    }

    /// An address that other machines can reach, as it was written; empty if there is none.
    Optional<String> openTo() {
        if (!listenAddress().isLoopbackAddress()) {
            return Optional.of(listen);
        }
        return sharedPorts.stream()
                .filter(text ->
                        !SharedPort.parse(text, listenAddress()).getAddress().isLoopbackAddress())
                .findFirst();
    }
}
