package dev.sluice.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Small clips of six seconds of what is relayed as it comes: the codecs of FLV of old,
/// and what has more than one track or more than two channels.
final class RelayClips {
    private static final List<String> INPUT = List.of(("-f lavfi -i testsrc2=rate=30:size=160x90 -f lavfi -i"
                    + " aevalsrc=0.2*sin(2*PI*(220+10*t)*t):sample_rate=48000 -t 6")
            .split(" "));

    private RelayClips() {}

    static Path surroundOpus() {
        return clip("surround-opus.mkv", "-map 1 -c:a libopus -ac 6 -b:a 128k");
    }

    /// H.264, H.265, AAC, Opus and AAC once more: tracks 0 and 1 of video, 0 to 2 of audio.
    static Path fiveTracks() {
        return clip(
                "five-tracks.mkv",
                "-map 0 -map 0 -map 1 -map 1 -map 1 -preset:v ultrafast -c:v:0 libx264 -c:v:1 libx265 "
                        + x265() + " -b:v:0 200k -g:v:0 30 -keyint_min:v:0 30 -sc_threshold:v:0 0"
                        + " -c:a:0 aac -b:a:0 96k -c:a:1 libopus -c:a:2 aac -b:a:2 64k");
    }

    static Path sorensonSpeex() {
        return clip("sorenson-speex.flv", "-c:v flv -g 30 -sc_threshold 1000000000 -c:a libspeex -ar 16000 -ac 1");
    }

    static Path screenNellymoser() {
        return clip("screen-nellymoser.flv", "-c:v flashsv -g 30 -c:a nellymoser -ar 22050 -ac 1");
    }

    static Path sorensonMp3() {
        return clip("sorenson-mp3.flv", "-c:v flv -g 30 -sc_threshold 1000000000 -c:a libmp3lame -ar 44100");
    }

    static Path alaw() {
        return clip("alaw.flv", "-map 1 -c:a pcm_alaw -ar 8000 -ac 1");
    }

    static Path adpcm() {
        return clip("adpcm.flv", "-map 1 -c:a adpcm_swf -ar 22050");
    }

    private static String x265() {
        return "-preset ultrafast -x265-params log-level=error:keyint=30:min-keyint=30:scenecut=0:open-gop=0"
                + " -pix_fmt yuv420p";
    }

    private static Path clip(String name, String encoding) {
        var file = TestFiles.cached("clip-" + name);
        if (!Files.exists(file)) {
            var part = TestFiles.path("part-" + name);
            var arguments = new ArrayList<>(INPUT);
            arguments.addAll(Arrays.asList(encoding.split(" ")));
            arguments.addAll(List.of("-y", part.toString()));
            Ffmpeg.start(arguments.toArray(String[]::new)).succeeds(Duration.ofSeconds(60));
            TestFiles.rename(part, file);
        }
        return file;
    }
}
