package dev.sluice.app.media;

import dev.sluice.rtmp.netty.RtmpClient;
import dev.sluice.rtmp.session.ClientRequest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sluice publish`: a file as a live stream.
@Command(
        name = "publish",
        description = {
            "Sends an FLV file to an RTMP server in real time, again and again, until Ctrl-C. Every codec goes as it is.",
            "Exit code 0 at the end, 1 when the server refused or ended it."
        },
        abbreviateSynopsis = true,
        sortOptions = false)
public final class PublishCommand implements Callable<Integer> {
    private static final long TOLD_EVERY_MS = 1_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE.flv", description = "The file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Parameters(
            index = "1",
            paramLabel = "URL",
            description = "Where to: rtmp://host/application/stream[?key=…], or rtmps, rtmpe, "
                    + "rtmpt, rtmpts, rtmpte, ws, wss")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String url;

    @Option(names = "--once", description = "Stop at the end of the file.")
    private boolean once;

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final Stop stop;
    private long toldMs;

    /// @param stop tells when the user has enough
    public PublishCommand(Stop stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws MediaFailed, InterruptedException {
        var address = TagSource.address(url);
        if (!java.nio.file.Files.isReadable(file)) {
            throw new MediaFailed("cannot read the file " + file);
        }
        var connection = new PublishConnection();
        var client = RtmpClient.connect(ClientRequest.publish(address), trust.tls(), connection);
        try {
            if (!connection.awaitPublishing()) {
                throw new MediaFailed(address + ": " + connection.whyEnded());
            }
            send(client, connection);
            if (connection.hasEnded()) {
                throw new MediaFailed(address + ": " + connection.whyEnded());
            }
        } finally {
            client.close();
            connection.awaitGoodbye(client);
        }
        return 0;
    }

    private void send(RtmpClient client, PublishConnection connection) throws MediaFailed, InterruptedException {
        var sender = new PacedSender(client, connection);
        new LoopingFile(file, once).run((tag, timestampMs) -> {
            sender.send(tag.type(), timestampMs, tag.body());
            tell(timestampMs);
            return !connection.hasEnded() && !stop.wanted();
        });
    }

    private void tell(long timestampMs) {
        if (timestampMs - toldMs >= TOLD_EVERY_MS && System.console() != null) {
            toldMs = timestampMs;
            spec.commandLine().getErr().printf("\rpublishing, %d s", timestampMs / 1000);
            spec.commandLine().getErr().flush();
        }
    }
}
