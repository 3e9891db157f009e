package dev.sluice.app.media;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.app.cli.Parameter;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// `sluice probe`: what is in a stream, and what is wrong with it.
public final class ProbeCommand implements Command {
    private static final Parameter URL = new Parameter(
            "URL",
            "rtmp://… (or rtmps, rtmpe, rtmpt, rtmpts, rtmpte, ws, wss), http://….flv, https://….flv or an FLV file");
    private static final Opt<Integer> SECONDS =
            Opt.number("--seconds", "N", "How long to watch; {default} unless said. Files are read whole.", "5");
    private static final Opt<Boolean> JSON = Opt.flag("--json", "Print one JSON object.");

    private final PrintStream out;
    private final Stop stop;

    /// @param stop tells when the user has enough
    public ProbeCommand(PrintStream out, Stop stop) {
        this.out = out;
        this.stop = stop;
    }

    @Override
    public List<String> description() {
        return List.of(
                "Watches a stream for some seconds and tells its tracks, rates, key frames and clock faults, and what"
                        + " to change at the encoder.",
                "Exit code 0 when media came, 1 when none did or the stream could not be opened.");
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(URL);
    }

    @Override
    public List<Opt<?>> options() {
        return Opt.join(List.of(SECONDS, JSON), TrustOptions.ALL);
    }

    @Override
    public int run(Line line) throws MediaFailed, InterruptedException {
        var url = line.get(URL);
        var time = Duration.ofSeconds(Math.max(1, line.get(SECONDS)));
        var probe = new StreamProbe();
        try {
            TagSource.read(url, TrustOptions.tls(line), time, stop, probe);
        } catch (MediaFailed e) {
            if (!probe.sawMedia()) {
                throw e;
            }
        }
        if (!probe.sawMedia()) {
            throw new MediaFailed(url.replaceFirst("\\?.*", "") + ": neither audio nor video came");
        }
        var report = probe.report(url.replaceFirst("\\?.*", ""));
        if (line.get(JSON)) {
            out.println(JsonMapper.builder().build().writeValueAsString(report));
        } else {
            print(report);
        }
        out.flush();
        return 0;
    }

    private void print(StreamProbe.Report report) {
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
