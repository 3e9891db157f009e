package dev.sluice.server.config;

import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.AppSettings.PublishPolicy;
import java.net.InetAddress;

/// What holds for the whole server; the keys at the top of the configuration file.
///
/// @param listen an IP address, or `localhost`
/// @param publish who may publish where an application says nothing
/// @param data a folder, relative to the working directory
public record ServerSettings(
        @Doc(
                "Address to listen on. Anything but loopback also needs 'publish'; 0.0.0.0 is every address of this machine.")
        String listen,

        @Doc("Who may publish: 'loopback' (anyone on this machine), 'keys' (who knows the stream's key, see apps), "
                + "'open' (anyone who can reach the server).")
        PublishPolicy publish,

        @Doc("Folder for what the server keeps on disk; made when something is kept.")
        String data) {
    public static final ServerSettings DEFAULTS =
            new ServerSettings("127.0.0.1", AppSettings.DEFAULTS.publish(), "data");

    public ServerSettings {
        ListenAddress.parse(listen);
        if (data.isBlank()) {
            throw new IllegalArgumentException("data must name a folder");
        }
    }

    public InetAddress listenAddress() {
        return ListenAddress.parse(listen);
    }

    /// Whether only programs on this machine can reach the server.
    public boolean loopbackOnly() {
        return listenAddress().isLoopbackAddress();
    }
}
