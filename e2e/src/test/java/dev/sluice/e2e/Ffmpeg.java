package dev.sluice.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/// FFmpeg as encoder and as player: a program that somebody else wrote, brought by a jar.
final class Ffmpeg {
    private static final String FFMPEG = runnable(org.bytedeco.ffmpeg.ffmpeg.class);
    private static final String FFPROBE = runnable(org.bytedeco.ffmpeg.ffprobe.class);

    private Ffmpeg() {}

    static Program start(String... arguments) {
        var command = new ArrayList<>(List.of(FFMPEG, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning"));
        command.addAll(List.of(arguments));
        return Program.start(command);
    }

    /// Sends a file as it is, at the speed at which it plays.
    static Program publish(Path clip, String url) {
        return start("-re", "-i", clip.toString(), "-c", "copy", "-f", "flv", url);
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
        var arguments = new ArrayList<>(List.of(inputOptions));
        arguments.addAll(List.of("-i", url, "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-copyts"));
        arguments.addAll(List.of("-flush_packets", "1", "-f", "framemd5", into.toString()));
        return start(arguments.toArray(String[]::new));
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
