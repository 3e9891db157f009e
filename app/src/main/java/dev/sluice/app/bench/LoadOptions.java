package dev.sluice.app.bench;

import dev.sluice.bench.BenchPlan;
import dev.sluice.bench.LoadFailed;
import dev.sluice.bench.LoadShape;
import picocli.CommandLine.Option;

/// The options that shape the load.
final class LoadOptions {
    private static final int MOST_THREADS = 64;

    @Option(names = "--publishers", paramLabel = "N", description = "Streams that are published; 1 unless said.")
    private int publishers = 1;

    @Option(names = "--viewers", paramLabel = "N", description = "Viewers of each stream; 50 unless said.")
    private int viewers = 50;

    @Option(names = "--kbps", paramLabel = "N", description = "Video of each stream, kbit/s; 2000. Audio adds 128.")
    private int kbps = 2_000;

    @Option(names = "--fps", paramLabel = "N", description = "Video frames per second; 30.")
    private int framesPerSecond = 30;

    @Option(names = "--gop", paramLabel = "N", description = "Frames from key frame to key frame; 60.")
    private int gopFrames = 60;

    @Option(names = "--probes", paramLabel = "N", description = "Viewers that check every byte; 20.")
    private int probes = 20;

    @Option(names = "--join-rate", paramLabel = "N", description = "Viewers that come per second; 500.")
    private int joinsPerSecond = 500;

    @Option(names = "--warm-up", paramLabel = "S", description = "Seconds before anything counts; 5.")
    private int warmUpSeconds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "Seconds that count; 15.")
    private int seconds = 15;

    @Option(
            names = "--late-ms",
            paramLabel = "MS",
            description = "A frame is late when its delay is so much above the median; 500.")
    private int lateMs = 500;

    @Option(names = "--name", paramLabel = "NAME", description = "Streams are called NAME-1, NAME-2 …; bench.")
    private String name = "bench";

    @Option(names = "--threads", paramLabel = "N", description = "Threads for viewers; 1.")
    private int threads = 1;

    /// @param publishes whether streams are published at all
    BenchPlan plan(boolean publishes) throws LoadFailed {
        boolean sane = publishers > 0
                && viewers > 0
                && probes >= 0
                && joinsPerSecond > 0
                && warmUpSeconds >= 0
                && seconds > 0
                && lateMs > 0
                && threads > 0
                && threads <= MOST_THREADS;
        if (!sane || kbps < 1 || framesPerSecond < 1 || gopFrames < 1) {
            throw new LoadFailed("numbers of the load are 1 or more; --probes and --warm-up may be 0; --threads is "
                    + MOST_THREADS + " at most");
        }
        if (!name.matches("[A-Za-z0-9_.-]+")) {
            throw new LoadFailed("a stream's name has letters, digits, '-', '_' and '.' only: " + name);
        }
        var shape = new LoadShape(publishes ? publishers : 0, kbps, framesPerSecond, gopFrames);
        return new BenchPlan(shape, viewers, probes, joinsPerSecond, warmUpSeconds, seconds, lateMs, name, threads);
    }
}
