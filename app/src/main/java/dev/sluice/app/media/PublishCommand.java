package dev.sluice.app.media;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.app.cli.Parameter;
import dev.sluice.rtmp.netty.RtmpClient;
import dev.sluice.rtmp.session.ClientRequest;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `sluice publish`: a file as a live stream.
public final class PublishCommand implements Command {
    private static final long TOLD_EVERY_MS = 1_000;

    private static final Parameter FILE = new Parameter("FILE.flv", "The file.");
    private static final Parameter URL = new Parameter(
            "URL", "Where to: rtmp://host/application/stream[?key=…], or rtmps, rtmpe, rtmpt, rtmpts, rtmpte, ws, wss");
    private static final Opt<Boolean> ONCE = Opt.flag("--once", "Stop at the end of the file.");

    private final PrintStream err;
    private final Stop stop;
    private long toldMs;

    /// @param stop tells when the user has enough
    public PublishCommand(PrintStream err, Stop stop) {
        this.err = err;
        this.stop = stop;
    }

    @Override
    public List<String> description() {
        return List.of(
                "Sends an FLV file to an RTMP server in real time, again and again, until Ctrl-C. Every codec goes as"
                        + " it is.",
                "Exit code 0 at the end, 1 when the server refused or ended it.");
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(FILE, URL);
    }

    @Override
    public List<Opt<?>> options() {
        return Opt.join(List.of(ONCE), TrustOptions.ALL);
    }

    @Override
    public int run(Line line) throws MediaFailed, InterruptedException {
        var file = Path.of(line.get(FILE));
        var address = TagSource.address(line.get(URL));
        if (!Files.isReadable(file)) {
            throw new MediaFailed("cannot read the file " + file);
        }
        var connection = new PublishConnection();
        var client = RtmpClient.connect(ClientRequest.publish(address), TrustOptions.tls(line), connection);
        try {
            if (!connection.awaitPublishing()) {
                throw new MediaFailed(address + ": " + connection.whyEnded());
            }
            send(new LoopingFile(file, line.get(ONCE)), client, connection);
            if (connection.hasEnded()) {
                throw new MediaFailed(address + ": " + connection.whyEnded());
            }
        } finally {
            client.close();
            connection.awaitGoodbye(client);
        }
        return 0;
    }

    private void send(LoopingFile file, RtmpClient client, PublishConnection connection)
            throws MediaFailed, InterruptedException {
        var sender = new PacedSender(client, connection);
        file.run((tag, timestampMs) -> {
            sender.send(tag.type(), timestampMs, tag.body());
            tell(timestampMs);
            return !connection.hasEnded() && !stop.wanted();
        });
    }

    private void tell(long timestampMs) {
        if (timestampMs - toldMs >= TOLD_EVERY_MS && System.console() != null) {
            toldMs = timestampMs;
            err.printf("\rpublishing, %d s", timestampMs / 1000);
            err.flush();
        }
    }
}
