package dev.sluice.app.media;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `sluice probe`: what is in a stream, and what is wrong with it.
@Command(
        name = "probe",
        description = {
            "Watches a stream for some seconds and tells its tracks, rates, key frames and clock faults, and what to"
                    + " change at the encoder.",
            "Exit code 0 when media came, 1 when none did or the stream could not be opened."
        },
        abbreviateSynopsis = true,
        sortOptions = false)
public final class ProbeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            description =
                    "rtmp://… (or rtmps, rtmpe, rtmpt, rtmpts, rtmpte, ws, wss), http://….flv, https://….flv or an FLV file")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String url;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long to watch; 5 unless said. Files are read whole.")
    private int seconds = 5;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final Stop stop;

    /// @param stop tells when the user has enough
    public ProbeCommand(Stop stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws MediaFailed, InterruptedException {
        var probe = new StreamProbe();
        try {
            TagSource.read(url, trust.tls(), Duration.ofSeconds(Math.max(1, seconds)), stop, probe);
        } catch (MediaFailed e) {
            if (!probe.sawMedia()) {
                throw e;
            }
        }
        if (!probe.sawMedia()) {
            throw new MediaFailed(url.replaceFirst("\\?.*", "") + ": neither audio nor video came");
        }
        var report = probe.report(url.replaceFirst("\\?.*", ""));
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(report));
        } else {
            print(report, out);
        }
        return 0;
    }

    private static void print(StreamProbe.Report report, PrintWriter out) {
        out.println(report.source());
        var peer = report.peer();
        if (peer != null) {
            out.printf("  server    %s, handshake %s%s%n", peer.software(), peer.handshake(), features(peer));
        }
        out.printf(
                Locale.ROOT,
                "  start     first tag after %d ms, first key frame after %d ms, clock at %d ms%n",
                report.firstTagMs(),
                report.firstKeyFrameMs(),
                report.startsAtMs());
        for (var track : report.tracks()) {
            out.printf(Locale.ROOT, "  %-6s %-2d %s%n", track.kind(), track.id(), describe(track));
        }
        if (report.findings().isEmpty()) {
            out.println("  nothing is wrong");
        }
        report.findings().forEach(finding -> out.println("  ! " + finding));
        out.flush();
    }

    private static String features(StreamProbe.Peer peer) {
        return peer.features().isEmpty() ? "" : ", Enhanced RTMP with " + String.join(", ", peer.features());
    }

    private static String describe(TrackProbe.Report track) {
        var text = new StringBuilder(track.codec());
        if (!track.codecString().isEmpty()) {
            text.append(" (").append(track.codecString()).append(')');
        }
        if (track.width() > 0) {
            text.append(", %dx%d".formatted(track.width(), track.height()));
        }
        if (track.framesPerSecond() > 0) {
            text.append(String.format(Locale.ROOT, ", %.2f fps", track.framesPerSecond()));
        }
        if (track.sampleRateHz() > 0) {
            text.append(", %d Hz, %d channels".formatted(track.sampleRateHz(), track.channels()));
        }
        text.append(", %d kbit/s".formatted(track.bitsPerSecond() / 1000));
        if (track.kind().equals("video")) {
            text.append(String.format(
                    Locale.ROOT,
                    ", key frames %.2f s apart (longest %.2f s, %d frames)",
                    track.gopSeconds(),
                    track.longestGopSeconds(),
                    track.longestGopFrames()));
            text.append(track.bFrames() ? ", B-frames" : ", no B-frames");
            text.append(track.hdr().isEmpty() ? "" : ", HDR " + track.hdr());
        }
        return text.toString();
    }
}
