package dev.sluice.app.media;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.app.cli.Parameter;
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
import java.util.List;
import java.util.Optional;

/// `sluice play`: a stream into a file, or to nobody.
public final class PlayCommand implements Command {
    private static final Parameter URL = new Parameter(
            "URL", "rtmp://… (or rtmps, rtmpe, rtmpt, rtmpts, rtmpte, ws, wss), http://….flv, https://….flv or a file");
    private static final Opt<Optional<String>> OUTPUT =
            Opt.text("-o", "FILE.flv", "Write an FLV file; - is standard output.");
    private static final Opt<Integer> SECONDS =
            Opt.number("--seconds", "N", "Stop after this time; {default}, the default, plays to the end.", "0");

    private final PrintStream standardOutput;
    private final PrintStream err;
    private final Stop stop;

    /// @param stop tells when the user has enough
    public PlayCommand(PrintStream standardOutput, PrintStream err, Stop stop) {
        this.standardOutput = standardOutput;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public List<String> description() {
        return List.of(
                "Plays a stream over RTMP or HTTP-FLV. With -o it becomes an FLV file; without, a line tells what came.",
                "'sluice play URL -o - | ffplay -' shows it.");
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(URL);
    }

    @Override
    public List<Opt<?>> options() {
        return Opt.join(List.of(OUTPUT, SECONDS), TrustOptions.ALL);
    }

    @Override
    public int run(Line line) throws MediaFailed, InterruptedException {
        var output = line.get(OUTPUT);
        var time = Duration.ofSeconds(line.get(SECONDS));
        try (var recorder = new Recorder(open(output))) {
            try {
                TagSource.read(line.get(URL), TrustOptions.tls(line), time, stop, recorder);
            } catch (MediaFailed e) {
                if (recorder.tags == 0) {
                    throw e;
                }
            }
            err.println(recorder.summary());
            return 0;
        } catch (IOException | UncheckedIOException e) {
            throw new MediaFailed("cannot write " + output.orElse("") + ": " + e.getMessage());
        }
    }

    private OutputStream open(Optional<String> output) throws IOException {
        if (output.isEmpty()) {
            return OutputStream.nullOutputStream();
        }
        var file = output.get();
        return new BufferedOutputStream(file.equals("-") ? standardOutput : Files.newOutputStream(Path.of(file)));
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
