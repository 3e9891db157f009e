package dev.sluice.e2e;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One stream whose publisher meets with a mishap and goes on.
final class Breakage implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final long FOR_EVER_MS = 1_000_000;

    /// What happens; the words are those of the table.
    enum Kind {
        NONE("nothing happens, for comparison"),
        KILLED("FFmpeg killed with SIGKILL; started again 5 s later"),
        CUT("cable cut without a word; back 5 s later from another address"),
        STOPPED("FFmpeg stopped with SIGSTOP for 5 s"),
        RESTARTED("FFmpeg ends properly, times at 1000 s; started again at once, times from zero"),
        OTHER_SIZE("killed; at once another resolution, 640x360 after 160x90"),
        OTHER_PARAMETERS(
                "killed; at once other parameter sets of the same size, Constrained Baseline, then High with B-frames"),
        AHEAD("clock jumps by +10 s"),
        BACK("clock jumps by −10 s"),
        EVERY_25TH_AHEAD("every 25th decode time 3 s too late"),
        EVERY_25TH_BACK("every 25th decode time 3 s too early"),
        AUDIO_LOST("no sound for 10 s");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        private ClockFault clock() {
            return switch (this) {
                case AHEAD -> ClockFault.TEN_SECONDS_AHEAD;
                case BACK -> ClockFault.TEN_SECONDS_BACK;
                case EVERY_25TH_AHEAD -> ClockFault.EVERY_25TH_AHEAD;
                case EVERY_25TH_BACK -> ClockFault.EVERY_25TH_BACK;
                case AUDIO_LOST -> ClockFault.AUDIO_LOST;
                case NONE, KILLED, CUT, STOPPED, RESTARTED, OTHER_SIZE, OTHER_PARAMETERS -> ClockFault.NONE;
            };
        }

        /// What is published from then on.
        private Path second() {
            if (this == OTHER_SIZE) {
                return Clips.minute();
            }
            return this == OTHER_PARAMETERS ? Clips.smallOtherProfile() : Clips.small();
        }
    }

    private final SluiceProcess server;
    private final Kind kind;
    private final List<AutoCloseable> open = new ArrayList<>();

    Breakage(SluiceProcess server, Kind kind) {
        this.server = server;
        this.kind = kind;
    }

    String stream() {
        return "live/"
                + (kind.clock() == ClockFault.NONE ? kind.name() : kind.clock().name());
    }

    /// Whether it can be told from hashes that each picture is one of the encoder's: players scale to the first size.
    boolean hasOneSize() {
        return kind != Kind.OTHER_SIZE;
    }

    /// All that is published.
    List<Path> clips() {
        return List.of(Clips.small(), kind.second());
    }

    /// Publishes, lets `watched` wait until everybody sees it, breaks it, and returns when it has been mended.
    void run(Runnable watched) {
        switch (kind) {
            case AHEAD, BACK, EVERY_25TH_AHEAD, EVERY_25TH_BACK, AUDIO_LOST -> clock(watched);
            case NONE -> first(server.rtmp(stream()), watched);
            case STOPPED -> {
                var encoder = first(server.rtmp(stream()), watched);
                encoder.signal("STOP");
                passes(AWAY);
                encoder.signal("CONT");
            }
            case CUT -> cut(watched);
            case RESTARTED -> {
                var encoder = first(server.rtmp(stream()), watched, "-output_ts_offset", "1000");
                encoder.terminate();
                encoder.exitCode(SOON);
                second(server.rtmp(stream()));
            }
            case KILLED -> {
                first(server.rtmp(stream()), watched).kill();
                passes(AWAY);
                second(server.rtmp(stream()));
            }
            case OTHER_SIZE, OTHER_PARAMETERS -> {
                first(server.rtmp(stream()), watched).kill();
                second(server.rtmp(stream()));
            }
        }
    }

    private void clock(Runnable watched) {
        var clocks = keep(new FaultyClocks(server, Set.of(kind.clock()), FOR_EVER_MS));
        awaitThere(watched);
        clocks.goWrong();
        Wait.until("the fault was there", SOON, () -> clocks.isPast(kind == Kind.AUDIO_LOST ? 10_500 : 5_000));
    }

    private void cut(Runnable watched) {
        var wire = keep(new BrokenWire(server.rtmpPort()));
        first(through(wire), watched);
        wire.cut();
        passes(AWAY);
        try {
            second(through(keep(new BrokenWire(server.rtmpPort(), InetAddress.getByName("127.0.0.2")))));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private String through(BrokenWire wire) {
        return "rtmp://127.0.0.1:" + wire.port() + "/" + stream();
    }

    private Program first(String url, Runnable watched, String... options) {
        var arguments = new ArrayList<>(List.of("-re", "-i", Clips.small().toString(), "-c", "copy"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-f", "flv", url));
        var encoder = keep(Ffmpeg.start(arguments.toArray(String[]::new)));
        awaitThere(watched);
        return encoder;
    }

    private void awaitThere(Runnable watched) {
        server.awaitLive(stream());
        server.awaitHls(stream());
        watched.run();
    }

    private void second(String url) {
        keep(Ffmpeg.publish(kind.second(), url));
        server.awaitLog("stream.(resumed|taken-over) stream=" + stream(), SOON);
    }

    /// So much time is a part of the mishap.
    private static void passes(Duration length) {
        long endNs = System.nanoTime() + length.toNanos();
        Wait.until(length + " went by", SOON, () -> System.nanoTime() >= endNs);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    @Override
    public void close() throws Exception {
        for (var resource : open.reversed()) {
            resource.close();
        }
    }
}
