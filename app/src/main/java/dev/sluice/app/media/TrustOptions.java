package dev.sluice.app.media;

import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.rtmp.netty.ClientTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Whom a command trusts behind `rtmps://`, `rtmpts://` and `wss://`.
final class TrustOptions {
    private static final Opt<List<String>> AUTHORITIES = Opt.texts(
            "--ca", "FILE.pem", "Trust these authorities behind rtmps://, rtmpts:// and wss://, and no others.");
    private static final Opt<Boolean> INSECURE = Opt.flag("--insecure", "Do not check who answers behind these.");

    static final List<Opt<?>> ALL = List.of(AUTHORITIES, INSECURE);

    private TrustOptions() {}

    static ClientTls tls(Line line) throws MediaFailed {
        if (line.get(INSECURE)) {
            return ClientTls.unchecked();
        }
        var authorities = line.get(AUTHORITIES);
        if (authorities.isEmpty()) {
            return ClientTls.system();
        }
        try {
            return ClientTls.trusting(Path.of(authorities.getLast()));
        } catch (IOException e) {
            throw new MediaFailed(
                    "cannot use " + AUTHORITIES.name() + " " + authorities.getLast() + ": " + e.getMessage());
        }
    }
}
