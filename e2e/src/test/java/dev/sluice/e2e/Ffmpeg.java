package dev.sluice.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Loader;

/// FFmpeg as encoder and as player: a program that somebody else wrote, brought by a jar.
final class Ffmpeg {
    private static final String FFMPEG = runnable(org.bytedeco.ffmpeg.ffmpeg.class);
    private static final String FFPROBE = runnable(org.bytedeco.ffmpeg.ffprobe.class);

    private Ffmpeg() {}

    static Program start(String... arguments) {
        return run(FFMPEG, arguments);
    }

    /// The FFmpeg of the Linux distribution, 5.1 on Debian 12: it knows neither Enhanced RTMP nor its codecs.
    static Program startOld(String... arguments) {
        return run(Program.installed("ffmpeg", "ffmpeg"), arguments);
    }

    private static Program run(String program, String... arguments) {
        var command = new ArrayList<>(List.of(program, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning"));
        command.addAll(List.of(arguments));
        return Program.start(command);
    }

    /// Sends a file as it is, at the speed at which it plays.
    static Program publish(Path clip, String url) {
        return start(publishing(clip, url));
    }

    /// The arguments that do it.
    static String[] publishing(Path clip, String url) {
        return new String[] {"-re", "-i", clip.toString(), "-c", "copy", "-f", "flv", url};
    }

    /// The same with all of the file's tracks.
    static Program publishAllTracks(Path clip, String url) {
        return start("-re", "-i", clip.toString(), "-map", "0", "-c", "copy", "-f", "flv", url);
    }

    /// Plays to the end, or until it is terminated, and keeps the hash and the times of each packet. `-copyts` leaves
    /// the times as they come.
    ///
    /// @param inputOptions what stands before the input
    static Program hash(String url, Path into, String... inputOptions) {
        return start(hashing(url, into, inputOptions));
    }

    /// The arguments that do it.
    static String[] hashing(String url, Path into, String... inputOptions) {
        var arguments = new ArrayList<>(List.of(inputOptions));
        arguments.addAll(List.of("-i", url, "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-copyts"));
        arguments.addAll(List.of("-flush_packets", "1", "-f", "framemd5", into.toString()));
        return arguments.toArray(String[]::new);
    }

    /// Decodes two seconds of a live stream and keeps the hash of each picture and each block of samples. The first
    /// thing that does not decode is a failure.
    static void decodeTwoSeconds(String url, Path into) {
        start("-xerror", "-i", url, "-t", "2", "-f", "framemd5", into.toString())
                .succeeds(Duration.ofSeconds(20));
    }

    /// Hashes of a file.
    static Recording hashesOf(Path file) {
        var hashes = TestFiles.path(file.getFileName() + ".md5");
        hash(file.toString(), hashes).succeeds(Duration.ofSeconds(30));
        return Recording.read(hashes);
    }

    /// What `ffprobe` says about the given entries, as CSV without section names.
    static String probe(String input, String... arguments) {
        var command = new ArrayList<>(List.of(FFPROBE, "-v", "error", "-of", "csv=p=0"));
        command.addAll(List.of(arguments));
        command.add(input);
        return Program.start(command).succeeds(Duration.ofSeconds(30)).output().strip();
    }

    /// Where a file has key frames, as packet numbers from 0.
    ///
    /// @param track `video`, `video1` and so on, as a [Recording] calls it
    static List<Integer> keyFrames(Path file, String track) {
        var number = track.equals("video") ? "0" : track.substring("video".length());
        var flags = probe(file.toString(), "-select_streams", "v:" + number, "-show_entries", "packet=flags")
                .lines()
                .toList();
        return IntStream.range(0, flags.size())
                .filter(packet -> flags.get(packet).startsWith("K"))
                .boxed()
                .toList();
    }

    /// One line per track, such as `h264,640,360` and `aac`.
    static List<String> tracks(String input) {
        return probe(input, "-show_entries", "stream=codec_name,width,height")
                .lines()
                .toList();
    }

    private static String runnable(Class<?> program) {
        var path = Loader.load(program);
        var first = Program.start(List.of(path, "-version"));
        if (first.exitCode(Duration.ofSeconds(20)) != 0) {
            throw new AssertionError("FFmpeg does not start: apt-get install libxcb1 libxcb-shm0 libasound2 libpulse0"
                    + " (./check does it). It said:\n" + first.output());
        }
        return path;
    }
}
