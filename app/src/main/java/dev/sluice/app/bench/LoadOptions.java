package dev.sluice.app.bench;

import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import dev.sluice.bench.BenchPlan;
import dev.sluice.bench.LoadFailed;
import dev.sluice.bench.LoadShape;
import java.util.List;

/// The options that shape the load.
final class LoadOptions {
    private static final int MOST_THREADS = 64;

    private static final Opt<Integer> PUBLISHERS =
            Opt.number("--publishers", "N", "Streams that are published; {default} unless said.", "1");
    private static final Opt<Integer> VIEWERS =
            Opt.number("--viewers", "N", "Viewers of each stream; {default} unless said.", "50");
    private static final Opt<Integer> KBPS =
            Opt.number("--kbps", "N", "Video of each stream, kbit/s; {default}. Audio adds 128.", "2000");
    private static final Opt<Integer> FRAMES_PER_SECOND =
            Opt.number("--fps", "N", "Video frames per second; {default}.", "30");
    private static final Opt<Integer> GOP_FRAMES =
            Opt.number("--gop", "N", "Frames from key frame to key frame; {default}.", "60");
    private static final Opt<Integer> PROBES =
            Opt.number("--probes", "N", "Viewers that check every byte; {default}.", "20");
    private static final Opt<Integer> JOINS_PER_SECOND =
            Opt.number("--join-rate", "N", "Viewers that come per second; {default}.", "500");
    private static final Opt<Integer> WARM_UP_SECONDS =
            Opt.number("--warm-up", "S", "Seconds before anything counts; {default}.", "5");
    private static final Opt<Integer> SECONDS = Opt.number("--seconds", "S", "Seconds that count; {default}.", "15");
    private static final Opt<Integer> LATE_MS = Opt.number(
            "--late-ms", "MS", "A frame is late when its delay is so much above the median; {default}.", "500");
    private static final Opt<String> NAME =
            Opt.text("--name", "NAME", "Streams are called NAME-1, NAME-2 …; {default}.", "bench");
    private static final Opt<Integer> THREADS = Opt.number("--threads", "N", "Threads for viewers; {default}.", "1");

    static final List<Opt<?>> ALL = List.of(
            PUBLISHERS,
            VIEWERS,
            KBPS,
            FRAMES_PER_SECOND,
            GOP_FRAMES,
            PROBES,
            JOINS_PER_SECOND,
            WARM_UP_SECONDS,
            SECONDS,
            LATE_MS,
            NAME,
            THREADS);

    private static final List<Opt<Integer>> ONE_OR_MORE = List.of(
            PUBLISHERS, VIEWERS, KBPS, FRAMES_PER_SECOND, GOP_FRAMES, JOINS_PER_SECOND, SECONDS, LATE_MS, THREADS);
    private static final List<Opt<Integer>> ZERO_OR_MORE = List.of(PROBES, WARM_UP_SECONDS);

    private LoadOptions() {}

    /// @param publishes whether streams are published at all
    static BenchPlan plan(Line line, boolean publishes) throws LoadFailed {
        check(line);
        var shape = new LoadShape(
                publishes ? line.get(PUBLISHERS) : 0,
                line.get(KBPS),
                line.get(FRAMES_PER_SECOND),
                line.get(GOP_FRAMES));
        return new BenchPlan(
                shape,
                line.get(VIEWERS),
                line.get(PROBES),
                line.get(JOINS_PER_SECOND),
                line.get(WARM_UP_SECONDS),
                line.get(SECONDS),
                line.get(LATE_MS),
                line.get(NAME),
                line.get(THREADS));
    }

    private static void check(Line line) throws LoadFailed {
        atLeast(1, ONE_OR_MORE, line);
        atLeast(0, ZERO_OR_MORE, line);
        if (line.get(THREADS) > MOST_THREADS) {
            throw new LoadFailed(THREADS.name() + " must be " + MOST_THREADS + " at most");
        }
        var name = line.get(NAME);
        if (!name.matches("[A-Za-z0-9_.-]+")) {
            throw new LoadFailed("a stream's name has letters, digits, '-', '_' and '.' only: " + name);
        }
    }

    private static void atLeast(int least, List<Opt<Integer>> options, Line line) throws LoadFailed {
        for (var option : options) {
            if (line.get(option) < least) {
                throw new LoadFailed(option.name() + " must be " + least + " or more");
            }
        }
    }
}
