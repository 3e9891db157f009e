package dev.sluice.app.media;

import dev.sluice.media.flv.FlvFileWriter;
import dev.sluice.media.flv.FlvTag;
import io.netty.buffer.Unpooled;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sluice play`: a stream into a file, or to nobody.
@Command(
        name = "play",
        description = {
            "Plays a stream over RTMP or HTTP-FLV. With -o it becomes an FLV file; without, a line tells what came.",
            "'sluice play URL -o - | ffplay -' shows it."
        },
        abbreviateSynopsis = true,
        sortOptions = false)
public final class PlayCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            description =
                    "rtmp://… (or rtmps, rtmpe, rtmpt, rtmpts, rtmpte, ws, wss), http://….flv, https://….flv or a file")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String url;

    @Option(names = "-o", paramLabel = "FILE.flv", description = "Write an FLV file; - is standard output.")
    private @Nullable String output;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Stop after this time; 0, the default, plays to the end.")
    private int seconds;

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final PrintStream standardOutput;
    private final Stop stop;

    /// @param stop tells when the user has enough
    public PlayCommand(PrintStream standardOutput, Stop stop) {
        this.standardOutput = standardOutput;
        this.stop = stop;
    }

    @Override
    public Integer call() throws MediaFailed, InterruptedException {
        try (var recorder = new Recorder(open())) {
            try {
                TagSource.read(url, trust.tls(), Duration.ofSeconds(seconds), stop, recorder);
            } catch (MediaFailed e) {
                if (recorder.tags == 0) {
                    throw e;
                }
            }
            spec.commandLine().getErr().println(recorder.summary());
            return 0;
        } catch (IOException | UncheckedIOException e) {
            throw new MediaFailed("cannot write " + output + ": " + e.getMessage());
        }
    }

    private OutputStream open() throws IOException {
        if (output == null) {
            return OutputStream.nullOutputStream();
        }
        return new BufferedOutputStream(output.equals("-") ? standardOutput : Files.newOutputStream(Path.of(output)));
    }

    /// Writes tags as a file that begins at zero. Its header says audio and video, because nobody knows yet.
    private static final class Recorder implements TagSource.Listener, AutoCloseable {
        private final OutputStream out;
        private long tags;
        private long audio;
        private long video;
        private long bytes;
        private long firstMs = -1;
        private long lastMs;

        Recorder(OutputStream out) throws IOException {
            this.out = out;
            var header = Unpooled.buffer(FlvFileWriter.HEADER_BYTES);
            FlvFileWriter.writeHeader(true, true, header);
            header.readBytes(out, header.readableBytes());
        }

        @Override
        public void onTag(FlvTag tag, long arrivedNs) {
            boolean media = tag.type() != FlvTag.SCRIPT;
            if (media && firstMs < 0) {
                firstMs = tag.timestampMs();
            }
            tags++;
            audio += tag.type() == FlvTag.AUDIO ? 1 : 0;
            video += tag.type() == FlvTag.VIDEO ? 1 : 0;
            bytes += tag.body().length();
            lastMs = media ? sinceStart(tag) : lastMs;
            write(new FlvTag(tag.type(), media ? lastMs : Math.max(0, lastMs), tag.body()));
        }

        /// By the signed difference, so that a wrap is no jump.
        private long sinceStart(FlvTag tag) {
            return Math.max(0, lastMs + (int) (tag.timestampMs() - firstMs - lastMs));
        }

        private void write(FlvTag tag) {
            var buffer = Unpooled.buffer(
                    FlvFileWriter.TAG_OVERHEAD_BYTES + tag.body().length());
            FlvFileWriter.writeTag(tag, buffer);
            try {
                buffer.readBytes(out, buffer.readableBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String summary() {
            return "%d video and %d audio messages, %d bytes, %.1f s".formatted(video, audio, bytes, lastMs / 1000.0);
        }

        @Override
        public void close() throws IOException {
            out.flush();
            if (!(out instanceof PrintStream)) {
                out.close();
            }
        }
    }
}
