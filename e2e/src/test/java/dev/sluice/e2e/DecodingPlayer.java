package dev.sluice.e2e;

import dev.sluice.e2e.Recording.Packet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// FFmpeg decodes a live stream and writes down what it would show, each picture at once.
final class DecodingPlayer implements AutoCloseable {
    /// What it says of streams in which nothing is wrong: segments without a file, metadata that change, sound that
    /// appears; and what is kept of it when it is stopped.
    private static final Pattern HARMLESS = Pattern.compile(
            "^\\s*$|its output broke|Found duplicated MOOV|404 Not Found|Failed to open segment|failed too many times|"
                    + "New (audio|subtitle) stream|Last message repeated|deprecated pixel format|max_analyze_duration");

    private static final double MS = 1e6;
    private static final long POLL_MS = 10;

    private record Arrival(long atNs, long bytes) {}

    private final Path pictures;
    private final Path sound;
    private final Program player;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    DecodingPlayer(String name, String url) {
        pictures = TestFiles.path(name + "-pictures.md5");
        sound = TestFiles.path(name + "-sound.md5");
        var arguments = new ArrayList<>(List.of("-i", url, "-copyts"));
        arguments.addAll(List.of("-map", "0:v", "-fps_mode", "passthrough", "-enc_time_base", "demux"));
        arguments.addAll(List.of("-flush_packets", "1", "-f", "framemd5", pictures.toString()));
        arguments.addAll(List.of("-map", "0:a", "-flush_packets", "1", "-f", "framemd5", sound.toString()));
        player = Ffmpeg.start(arguments.toArray(String[]::new));
        Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        long before = 0;
        while (!over) {
            long now = Files.exists(pictures) ? pictures.toFile().length() : 0;
            if (now != before) {
                arrivals.add(new Arrival(System.nanoTime(), now));
                before = now;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(POLL_MS * 1_000_000);
        }
    }

    /// How many pictures it has shown.
    int count() {
        return Files.exists(pictures)
                ? (int) TestFiles.read(pictures)
                        .lines()
                        .filter(line -> line.startsWith("0,"))
                        .count()
                : 0;
    }

    /// Stops it.
    ///
    /// @param sinceNs from when on stalls count
    /// @param known hashes of all pictures that are right; none at all if they cannot be told
    Seen stop(long sinceNs, Set<String> known) {
        boolean alive = player.isRunning();
        over = true;
        player.terminate();
        player.exitCode(Duration.ofSeconds(20));
        var shown = Recording.read(pictures).video().packets();
        var heard = Recording.read(sound).audio().packets();
        var errors = new ArrayList<>(player.output()
                .lines()
                .filter(line -> !HARMLESS.matcher(line).find())
                .toList());
        if (!known.isEmpty()) {
            shown.stream()
                    .filter(picture -> !known.contains(picture.hash()))
                    .forEach(picture -> errors.add("a picture of nobody at " + picture.ptsNs() / MS + " ms"));
        }
        return new Seen(stallMs(sinceNs), holeMs(shown), alive ? 0 : 1, backSteps(shown) + backSteps(heard), errors);
    }

    private double stallMs(long sinceNs) {
        long longest = 0;
        for (int i = 1; i < arrivals.size(); i++) {
            if (arrivals.get(i).atNs() > sinceNs) {
                longest = Math.max(
                        longest, arrivals.get(i).atNs() - arrivals.get(i - 1).atNs());
            }
        }
        return longest / MS;
    }

    private static double holeMs(List<Packet> packets) {
        long longest = 0;
        for (int i = 1; i < packets.size(); i++) {
            longest = Math.max(
                    longest, packets.get(i).ptsNs() - packets.get(i - 1).ptsNs());
        }
        return longest / MS;
    }

    private static int backSteps(List<Packet> packets) {
        int steps = 0;
        for (int i = 1; i < packets.size(); i++) {
            steps += packets.get(i).ptsNs() <= packets.get(i - 1).ptsNs() ? 1 : 0;
        }
        return steps;
    }

    @Override
    public void close() {
        over = true;
        player.close();
    }
}
