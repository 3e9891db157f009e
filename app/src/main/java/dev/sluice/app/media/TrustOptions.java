package dev.sluice.app.media;

import dev.sluice.rtmp.netty.ClientTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// Whom a command trusts behind `rtmps://`, `rtmpts://` and `wss://`.
final class TrustOptions {
    @Option(
            names = "--ca",
            paramLabel = "FILE.pem",
            description = "Trust these authorities behind rtmps://, rtmpts:// and wss://, and no others.")
    private List<Path> authorities = List.of();

    @Option(names = "--insecure", description = "Do not check who answers behind these.")
    private boolean insecure;

    ClientTls tls() throws MediaFailed {
        try {
            if (insecure) {
                return ClientTls.unchecked();
            }
            return authorities.isEmpty() ? ClientTls.system() : ClientTls.trusting(authorities.getLast());
        } catch (IOException e) {
            throw new MediaFailed("cannot use --ca " + authorities.getLast() + ": " + e.getMessage());
        }
    }
}
