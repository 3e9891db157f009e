package dev.sluice.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the encoders send: made once, faster than it plays. No two frames are alike, so a hash names its frame.
final class Clips {
    /// Frames between key frames of [#minute()].
    static final int MINUTE_GOP_FRAMES = 60;

    /// It rises all the time: of a steady one, each second sounds like the one before.
    private static final String TONE = "aevalsrc=0.2*sin(2*PI*(220+10*t)*t):sample_rate=";
    private static final List<String> AAC = List.of("-c:a", "aac", "-b:a", "96k");

    private Clips() {}

    /// 60 s of 640x360 at 30 frames per second with B-frames and a key frame each 2 s, and AAC.
    static Path minute() {
        return clip("minute", 60, "640x360", List.of("-bf", "3", "-b:v", "1M", "-g", "60", "-keyint_min", "60"), AAC);
    }

    /// Small and long: 160x90 with a key frame each second, and AAC.
    static Path small() {
        return clip("small", 120, "160x90", List.of("-b:v", "100k", "-g", "30", "-keyint_min", "30"), AAC);
    }

    /// The same size, coded otherwise: another profile, B-frames, several reference pictures.
    static Path smallOtherProfile() {
        return clip(
                "small-other-profile",
                60,
                "160x90",
                List.of("-preset", "medium", "-profile:v", "high", "-bf", "2", "-b:v", "150k", "-g", "30"),
                AAC);
    }

    /// 10 s of 640x360 with a key frame each second, and AAC.
    static Path short10s() {
        return clip("short", 10, "640x360", List.of("-b:v", "800k", "-g", "30", "-keyint_min", "30"), AAC);
    }

    /// 12 s of about 8 Mbit/s with a key frame each second, and AAC.
    static Path heavy() {
        return clip("heavy", 12, "640x360", noisy("8M", "30"), AAC);
    }

    /// 30 s of about 16 Mbit/s with one key frame, and AAC.
    static Path oneGop() {
        return clip("one-gop", 30, "640x360", noisy("16M", "900"), AAC);
    }

    static Path videoOnly() {
        return clip(
                "video-only", 10, "320x180", List.of("-b:v", "300k", "-g", "30", "-keyint_min", "30"), List.of("-an"));
    }

    static Path audioOnly() {
        return clip("audio-only", 10, "32x32", List.of("-vn"), AAC);
    }

    /// 8 s of 160x90 with a key frame each second, in codecs that need Enhanced RTMP.
    ///
    /// @param encoding FFmpeg's options for both
    static Path enhanced(String name, String... encoding) {
        var file = TestFiles.cached("clip-enhanced-" + name + ".flv");
        if (!Files.exists(file)) {
            var arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", "testsrc2=rate=25:size=160x90"));
            arguments.addAll(List.of("-f", "lavfi", "-i", TONE + "48000", "-t", "8"));
            arguments.addAll(List.of("-g", "25"));
            arguments.addAll(List.of(encoding));
            encode(file, arguments);
        }
        return file;
    }

    private static List<String> noisy(String bitRate, String gopFrames) {
        return List.of(
                "-vf",
                "noise=alls=60:allf=t",
                "-b:v",
                bitRate,
                "-maxrate",
                bitRate,
                "-bufsize",
                bitRate,
                "-g",
                gopFrames,
                "-keyint_min",
                gopFrames);
    }

    private static Path clip(String name, int seconds, String size, List<String> video, List<String> audio) {
        var file = TestFiles.cached("clip-" + name + ".flv");
        if (!Files.exists(file)) {
            make(file, seconds, size, video, audio);
        }
        return file;
    }

    private static void make(Path file, int seconds, String size, List<String> video, List<String> audio) {
        var arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", "testsrc2=rate=30:size=" + size));
        arguments.addAll(List.of("-f", "lavfi", "-i", TONE + "44100", "-t", Integer.toString(seconds)));
        arguments.addAll(
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-sc_threshold", "0"));
        arguments.addAll(video);
        arguments.addAll(audio);
        encode(file, arguments);
    }

    private static void encode(Path file, List<String> input) {
        var part = TestFiles.path(file.getFileName() + ".part");
        var arguments = new ArrayList<>(input);
        arguments.addAll(List.of("-f", "flv", "-y", part.toString()));
        Ffmpeg.start(arguments.toArray(String[]::new)).succeeds(Duration.ofSeconds(90));
        TestFiles.rename(part, file);
    }
}
